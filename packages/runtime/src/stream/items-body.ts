// The body of a streaming answer: asks the handler for the next item only when there is room for it, says that it is alive when the
// handler has nothing to say, and tells the handler when nobody listens any more.
import { Readable } from "node:stream";
import type { APIError } from "../call/api-error.ts";
import type { ItemFormat } from "./item-format.ts";
import type { ItemSource } from "./item-source.ts";
import { addLiveStream, removeLiveStream, type Stoppable } from "./live-streams.ts";

export interface ItemsBodyOptions {
  readonly source: ItemSource;
  readonly format: ItemFormat;
  /** null: none. */
  readonly heartbeatMs: number | null;
  /** The handler may be told to come to an end before it has: what it serves has none by itself. */
  readonly isEndless: boolean;
  /** Records what has gone wrong; gives what may be told of it. */
  readonly failed: (thrown: unknown) => APIError;
}

export class ItemsBody extends Readable implements Stoppable {
  private readonly options: ItemsBodyOptions;
  private readonly timer: NodeJS.Timeout | undefined;
  private isAsking = false;
  private isFinished = false;

  constructor(options: ItemsBodyOptions) {
    super();
    this.options = options;
    const { heartbeatMs, format } = options;
    if (heartbeatMs !== null && format.heartbeat !== undefined) {
      this.timer = setInterval(() => this.beat(), heartbeatMs);
      this.timer.unref();
    }
    if (options.isEndless) addLiveStream(this);
  }

  stop(): void {
    this.finish(this.options.format.end);
  }

  override _read(): void {
    if (!this.isAsking) void this.ask();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearInterval(this.timer);
    removeLiveStream(this);
    this.options.source.leave();
    done(error);
  }

  private async ask(): Promise<void> {
    const { source, format, failed } = this.options;
    this.isAsking = true;
    try {
      let hasRoom = true;
      while (hasRoom && !this.isFinished && !this.destroyed) {
        const next = await source.next();
        if (this.isFinished || this.destroyed) break;
        if (next.done === true) this.finish(format.end);
        else hasRoom = this.push(format.item(next.value));
      }
    } catch (thrown) {
      if (!this.isFinished && !this.destroyed) this.finish(format.error(failed(thrown)));
    } finally {
      this.isAsking = false;
    }
  }

  private finish(last: string): void {
    if (this.isFinished || this.destroyed) return;
    this.isFinished = true;
    if (last !== "") this.push(last);
    this.push(null);
  }

  /** Not into a full buffer: a client that does not read needs no sign of life. */
  private beat(): void {
    if (!this.isFinished && this.readableLength === 0) this.push(this.options.format.heartbeat);
  }
}
