// One typed call to another process while it is under way: from the moment it is sent until its answer has been read, it has failed, or
// nobody waits for it any more.
import type { ClientConnection } from "../http/client/client-connection.ts";
import { TextAnswer } from "../http/client/text-answer.ts";
import type { ResponseHead } from "../http/parse-response.ts";
import type { RecordingSpan } from "../telemetry/span.ts";
import type { APIError } from "./api-error.ts";
import type { Cancelable, Cancellation } from "./cancellation.ts";
import type { CallContext } from "./context.ts";
import { recordError } from "./normalize-error.ts";
import type { Remote } from "./remote.ts";
import { RequestError } from "./request-error.ts";
import type { ResolvedTarget } from "./resolve.ts";
import { readAnswer } from "./remote-answer.ts";

// hot: guarded by bench/call
export class RemoteCall extends TextAnswer implements Cancelable {
  readonly result: Promise<unknown>;
  private readonly target: ResolvedTarget;
  private readonly span: RecordingSpan;
  private readonly parent: CallContext | undefined;
  private readonly cancellation: Cancellation;
  private resolve!: (value: unknown) => void;
  private reject!: (reason: unknown) => void;
  private connection: ClientConnection | undefined = undefined;

  constructor(
    target: ResolvedTarget,
    span: RecordingSpan,
    parent: CallContext | undefined,
    cancellation: Cancellation,
  ) {
    super();
    this.target = target;
    this.span = span;
    this.parent = parent;
    this.cancellation = cancellation;
    this.result = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  /** As `ConnectionPool.send` takes them. */
  send(remote: Remote, text: string, rest: string | undefined): void {
    this.connection = remote.pool.send(this, text, rest);
    this.cancellation.add(this);
  }

  cancel(reason: APIError): void {
    this.connection?.abandon(this);
    this.fail(reason);
  }

  onFailure(error: Error): void {
    this.cancellation.remove(this);
    this.fail(new RequestError("service_unreachable", { service: this.target.service }, error));
  }

  protected onAnswer(head: ResponseHead, text: string): void {
    this.cancellation.remove(this);
    let value: unknown;
    try {
      value = readAnswer(this.target, this.parent, head, text);
    } catch (error) {
      this.fail(error);
      return;
    }
    this.release();
    this.resolve(value);
  }

  private fail(error: unknown): void {
    recordError(this.span, error);
    this.release();
    this.reject(error);
  }

  private release(): void {
    this.cancellation.release();
    this.span.end();
  }
}
