// Keeps what one request leaves in `AsyncLocalStorage` (by `enterWith`) away from the next one on the same connection.
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import type { AnswerLine } from "./answer-line.ts";
import type { FastRequest } from "./fast-request.ts";

/** Nobody has to be told of its end. */
const OPTIONS = { requireManualDestroy: true };
const staysBehind = findStaysBehind();

export class RequestScope {
  /** As it was when the connection was made: no request has left anything in it. */
  private readonly clean = new AsyncResource("TENONCONNECTION");

  /** For one that runs in the same turn of the event loop as another, because both came in the same packet. */
  run(callback: () => void): void {
    this.clean.runInAsyncScope(() => new AsyncResource("TENONREQUEST", OPTIONS).runInAsyncScope(callback));
  }

  /** For the first of its turn. */
  // hot: guarded by bench/hello
  runFirst(line: AnswerLine, request: FastRequest): void {
    if (staysBehind) new AsyncResource("TENONREQUEST", OPTIONS).runInAsyncScope(line.serve, line, request);
    else line.serve(request);
  }
}

/** Before Node 24, what is entered in a turn that a socket began is there again in the next turn that it begins. */
function findStaysBehind(): boolean {
  const storage = new AsyncLocalStorage<boolean>();
  const resource = new AsyncResource("TENONCONNECTION", OPTIONS);
  resource.runInAsyncScope(() => storage.enterWith(true));
  const isThere = resource.runInAsyncScope(() => storage.getStore()) === true;
  storage.disable();
  return isThere;
}
