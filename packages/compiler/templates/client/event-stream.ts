// Answers that come piece by piece over HTTP: server-sent events, and one JSON value a line.
import { APIError, ErrCode, isErrorResponse } from "./errors.ts";

type Open = (headers: Record<string, string>, signal: AbortSignal) => Promise<Response>;

export interface EventsFrom {
  /** Where to go on, as the server counts. */
  readonly lastEventId: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Events of an endpoint. `for await` reads until the other side ends; leaving the loop closes the connection. */
export class EventStream<Event> implements AsyncIterable<Event> {
  /** Of the last event that was read and had one: to go on later with `after`. */
  lastEventId: string | undefined;
  readonly #open: (lastEventId: string | undefined) => AsyncGenerator<{ event: Event; id: string | undefined }>;

  constructor(open: (lastEventId: string | undefined) => AsyncGenerator<{ event: Event; id: string | undefined }>) {
    this.#open = open;
  }

  /** Goes on behind an event that was read before. */
  after(eventId: string | undefined): this {
    this.lastEventId = eventId;
    return this;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Event, void, undefined> {
    for await (const { event, id } of this.#open(this.lastEventId)) {
      if (id !== undefined) this.lastEventId = id;
      yield event;
    }
  }
}

export async function* openEvents<Event>(
  open: Open,
  read: (wire: unknown) => Event,
  from: EventsFrom,
): AsyncGenerator<{ event: Event; id: string | undefined }> {
  const headers: Record<string, string> = { accept: "text/event-stream" };
  if (from.lastEventId !== undefined) headers["last-event-id"] = from.lastEventId;
  let data: string[] = [];
  let name = "";
  let id: string | undefined;
  for await (const line of linesOf(open, headers, from.signal)) {
    if (line === "") {
      if (data.length > 0) {
        const wire: unknown = JSON.parse(data.join("\n"));
        if (name === "error" && isErrorResponse(wire)) throw new APIError(0, wire);
        yield { event: read(wire), id };
      }
      data = [];
      name = "";
      continue;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") data.push(value);
    else if (field === "event") name = value;
    else if (field === "id") id = value;
  }
}

export async function* openLines<Item>(
  open: Open,
  read: (wire: unknown) => Item,
  signal: AbortSignal | undefined,
): AsyncGenerator<Item, void, undefined> {
  for await (const line of linesOf(open, { accept: "application/x-ndjson" }, signal)) {
    if (line === "") continue;
    const wire: unknown = JSON.parse(line);
    yield read(wire);
  }
}

/** Lines of the answer as they come; closing the generator ends the request. */
async function* linesOf(
  open: Open,
  headers: Record<string, string>,
  outer: AbortSignal | undefined,
): AsyncGenerator<string, void, undefined> {
  const controller = new AbortController();
  const abort = () => controller.abort(outer?.reason);
  if (outer?.aborted === true) abort();
  else outer?.addEventListener("abort", abort, { once: true });
  try {
    const response = await open(headers, controller.signal);
    const reader = response.body?.getReader();
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
      const piece = await reader?.read();
      rest += piece?.value === undefined ? decoder.decode() : decoder.decode(piece.value, { stream: true });
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      yield* lines;
      if (piece === undefined || piece.done) break;
    }
    if (rest !== "") yield rest;
  } catch (error) {
    throw outer?.aborted === true ? outer.reason : broken(error);
  } finally {
    outer?.removeEventListener("abort", abort);
    controller.abort();
  }
}

function broken(error: unknown): unknown {
  if (!(error instanceof TypeError)) return error;
  const body = { code: ErrCode.Unavailable, message: `the connection broke: ${error.message}`, details: null };
  return new APIError(0, body, { cause: error });
}
