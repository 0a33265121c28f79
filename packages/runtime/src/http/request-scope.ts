// Keeps what one request leaves in `AsyncLocalStorage` (by `enterWith`) away from the next one on the same connection, which runs in the
// same turn of the event loop when it came in the same packet.
import { AsyncResource } from "node:async_hooks";

export class RequestScope {
  /** As it was when the connection was made: no request has left anything in it. */
  private readonly clean = new AsyncResource("TENONCONNECTION");

  run(callback: () => void): void {
    this.clean.runInAsyncScope(() => new AsyncResource("TENONREQUEST").runInAsyncScope(callback));
  }
}
