// The items of a handler, taken one by one in the context of its call, whoever asks for them.
import { runInCall } from "../call/context.ts";
import type { HostedEndpoint } from "../call/hosted-endpoint.ts";
import type { ServedCall } from "../call/served-call.ts";
import { ContractError } from "./contract-error.ts";

export class ItemSource {
  /** How many the handler has given. */
  count = 0;
  private readonly served: ServedCall;
  private readonly iterator: AsyncIterator<unknown>;
  private readonly onLeave: () => void;
  private ahead: Promise<IteratorResult<unknown>> | undefined;
  private isDone = false;

  /** `onLeave`: before the handler is told that nobody wants its items any more. Throws ContractError. */
  constructor(hosted: HostedEndpoint, served: ServedCall, returned: unknown, onLeave: () => void) {
    this.served = served;
    this.onLeave = onLeave;
    this.iterator = runInCall(served, () => iteratorOf(hosted, returned));
  }

  /** Asks for the first one before anybody is there to take it: an error then still is an answer of its own. */
  lookAhead(): Promise<IteratorResult<unknown>> {
    this.ahead ??= this.ask();
    return this.ahead;
  }

  async next(): Promise<IteratorResult<unknown>> {
    const asked = this.ahead ?? this.ask();
    this.ahead = undefined;
    return asked;
  }

  /** Nobody wants the rest: the handler's `finally` blocks run. What goes wrong there is nobody's business. */
  leave(): void {
    if (this.isDone) return;
    this.isDone = true;
    this.onLeave();
    const left = runInCall(this.served, () => this.iterator.return?.());
    left?.then(undefined, () => {});
  }

  private async ask(): Promise<IteratorResult<unknown>> {
    try {
      const next = await runInCall(this.served, () => this.iterator.next());
      if (next.done === true) this.isDone = true;
      else this.count++;
      return next;
    } catch (thrown) {
      this.isDone = true;
      throw thrown;
    }
  }
}

function iteratorOf(hosted: HostedEndpoint, returned: unknown): AsyncIterator<unknown> {
  const iterable = returned as Partial<AsyncIterable<unknown>> | null | undefined;
  const open = iterable?.[Symbol.asyncIterator];
  if (typeof open === "function") return open.call(iterable) as AsyncIterator<unknown>;
  const issue = { path: "", code: "invalid_type", message: "must come from an async iterable" } as const;
  throw new ContractError(hosted.name, "an item", [issue]);
}
