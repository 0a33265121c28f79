// One typed call to another process while it is under way: from the moment it is sent until its answer has been read, it has failed, or
// nobody waits for it any more.
import type { ClientConnection } from "../http/client/client-connection.ts";
import type { ConnectionPool } from "../http/client/connection-pool.ts";
import type { SharedRequest } from "../http/client/shared-requests.ts";
import { TextAnswer } from "../http/client/text-answer.ts";
import type { ResponseHead } from "../http/parse-response.ts";
import type { RecordedSpan } from "../telemetry/recorded-span.ts";
import type { APIError } from "./api-error.ts";
import { CALL_HEADERS } from "./call-headers.ts";
import type { Cancelable, Cancellation } from "./cancellation.ts";
import type { CallContext } from "./context.ts";
import { recordError } from "./normalize-error.ts";
import { RequestError } from "./request-error.ts";
import type { ResolvedTarget } from "./resolve.ts";
import type { FoundRoute } from "./wire-route.ts";
import { readAnswer } from "./remote-answer.ts";

/** A long request takes its time on the way, and would hold up those behind it. */
const MAX_SHARED_BYTES = 8 * 1024;
const SHARED_END = `${CALL_HEADERS.shared}: 1\r\n\r\n`;
const CANCEL_END = `${CALL_HEADERS.cancel}: 1\r\ncontent-length: 0\r\n\r\n`;

// hot: guarded by bench/call
export class RemoteCall extends TextAnswer implements Cancelable, SharedRequest {
  readonly result: Promise<unknown>;
  private readonly target: ResolvedTarget;
  private readonly span: RecordedSpan;
  private readonly parent: CallContext | undefined;
  private readonly cancellation: Cancellation;
  private readonly startedAtMs: number;
  private pool!: ConnectionPool;
  private headStart = "";
  private lines = "";
  private body = "";
  private isShareable = false;
  private resolve!: (value: unknown) => void;
  private reject!: (reason: unknown) => void;
  private connection: ClientConnection | undefined = undefined;

  constructor(
    target: ResolvedTarget,
    span: RecordedSpan,
    parent: CallContext | undefined,
    cancellation: Cancellation,
    nowMs: number,
  ) {
    super();
    this.target = target;
    this.span = span;
    this.parent = parent;
    this.cancellation = cancellation;
    this.startedAtMs = nowMs;
    this.result = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  /** `lines`: of the head, behind its start and without the empty one. */
  send(route: FoundRoute, lines: string, body: string, sizeBytes: number): void {
    const { pool } = route.remote;
    this.pool = pool;
    this.headStart = route.headStart;
    this.lines = lines;
    this.body = body;
    // ASCII alone is the same in latin1 and UTF-8.
    const isAscii = sizeBytes === body.length;
    this.isShareable = isAscii && pool.allowsSharing && this.target.pace.isQuick && sizeBytes <= MAX_SHARED_BYTES;
    if (this.isShareable) pool.sendShared(this);
    else if (isAscii) this.connection = pool.send(this, this.textFor(false));
    else this.connection = pool.send(this, `${route.headStart}${lines}\r\n`, body);
    this.cancellation.add(this);
  }

  textFor(isShared: boolean): string {
    return `${this.headStart}${this.lines}${isShared ? SHARED_END : "\r\n"}${this.body}`;
  }

  onSent(connection: ClientConnection): void {
    this.connection = connection;
  }

  cancelText(): string {
    return `${this.headStart}traceparent: ${this.span.traceparent}\r\n${CANCEL_END}`;
  }

  cancel(reason: APIError): void {
    const { connection } = this;
    this.target.pace.noteUnknown();
    if (connection === undefined) this.pool.takeBack(this);
    else if (this.isShareable) connection.abandonShared(this);
    else connection.abandon(this);
    this.fail(reason);
  }

  onFailure(error: Error): void {
    this.cancellation.remove(this);
    this.fail(new RequestError("service_unreachable", { service: this.target.service }, error));
  }

  protected onAnswer(head: ResponseHead, text: string): void {
    const nowMs = performance.now();
    this.cancellation.remove(this);
    this.pool.allowsSharing = head.header(CALL_HEADERS.shared) !== undefined;
    this.target.pace.note(nowMs - this.startedAtMs);
    let value: unknown;
    try {
      value = readAnswer(this.target, this.parent, head, text);
    } catch (error) {
      this.fail(error);
      return;
    }
    this.release(nowMs);
    this.resolve(value);
  }

  private fail(error: unknown): void {
    recordError(this.span, error);
    this.release(performance.now());
    this.reject(error);
  }

  private release(nowMs: number): void {
    this.cancellation.release();
    this.span.endAt(nowMs);
  }
}
