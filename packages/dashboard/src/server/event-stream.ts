// GET /api/events: server-sent events to the open pages. Traces are gathered for a moment, so that a load test does not become as
// many events as requests.
import type { ServerResponse } from "node:http";
import type { LogRecord, TraceSummary } from "@tenon/model";

const GATHER_MS = 100;
const MAX_TRACES_AT_ONCE = 100;
/** A page shows no more of them; `/api/logs` has them all. */
const MAX_LOGS_AT_ONCE = 500;
const HEARTBEAT_MS = 15_000;
/** A page that stopped reading (a sleeping tab) is cut off; the browser connects again. */
const MAX_UNREAD_BYTES = 1024 * 1024;

export class EventStream {
  private readonly open = new Set<ServerResponse>();
  private readonly gathered = new Map<string, TraceSummary>();
  private logs: LogRecord[] = [];
  private timer: NodeJS.Timeout | null = null;
  private readonly heartbeat: NodeJS.Timeout;

  constructor() {
    this.heartbeat = setInterval(() => this.write(": still here\n\n"), HEARTBEAT_MS);
    this.heartbeat.unref();
  }

  connect(response: ServerResponse): void {
    response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    response.write("retry: 1000\n\n");
    this.open.add(response);
    response.on("close", () => this.open.delete(response));
  }

  send(event: string, data: unknown): void {
    this.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Sends the newest state of a trace soon. Under load only the newest traces are sent; the list has them all. */
  sendTrace(summary: TraceSummary): void {
    if (this.open.size === 0) return;
    this.gathered.delete(summary.traceId);
    this.gathered.set(summary.traceId, summary);
    this.timer ??= setTimeout(() => this.sendGathered(), GATHER_MS);
  }

  /** Sends a log line soon, together with those that come with it. */
  sendLog(record: LogRecord): void {
    if (this.open.size === 0) return;
    this.logs.push(record);
    this.timer ??= setTimeout(() => this.sendGathered(), GATHER_MS);
  }

  close(): void {
    clearInterval(this.heartbeat);
    if (this.timer !== null) clearTimeout(this.timer);
    for (const response of this.open) response.end();
  }

  private sendGathered(): void {
    this.timer = null;
    for (const summary of [...this.gathered.values()].slice(-MAX_TRACES_AT_ONCE)) this.send("trace", summary);
    this.gathered.clear();
    if (this.logs.length > 0) this.send("logs", this.logs.slice(-MAX_LOGS_AT_ONCE));
    this.logs = [];
  }

  private write(text: string): void {
    for (const response of this.open) {
      if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
      else response.write(text);
    }
  }
}
