// Answers that come piece by piece over HTTP: server-sent events, and one JSON value a line.
import { APIError, ErrCode, isErrorResponse } from "./errors.ts";

type Open = (headers: Record<string, string>, signal: AbortSignal) => Promise<Response>;

export interface EventsFrom {
  /** Where to go on, as the server counts. */
  readonly lastEventId: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** One server-sent event. */
export interface ServerEvent<Data> {
  data: Data;
  /** Name of its kind. */
  event?: string;
  /** To go on behind it later. */
  id?: string;
}

/** Events of an endpoint. `for await` reads until the other side ends; leaving the loop closes the connection. */
export class EventStream<Data> implements AsyncIterable<ServerEvent<Data>> {
  /** Of the last event that was read and had one: to go on later with `after`. */
  lastEventId: string | undefined;
  readonly #open: (lastEventId: string | undefined) => AsyncGenerator<ServerEvent<Data>>;

  constructor(open: (lastEventId: string | undefined) => AsyncGenerator<ServerEvent<Data>>) {
    this.#open = open;
  }

  /** Goes on behind an event that was read before. */
  after(eventId: string | undefined): this {
    this.lastEventId = eventId;
    return this;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ServerEvent<Data>, void, undefined> {
    for await (const event of this.#open(this.lastEventId)) {
      if (event.id !== undefined) this.lastEventId = event.id;
      yield event;
    }
  }
}

export async function* openEvents<Data>(
  open: Open,
  read: (wire: unknown) => Data,
  from: EventsFrom,
): AsyncGenerator<ServerEvent<Data>> {
  const headers: Record<string, string> = { accept: "text/event-stream" };
  if (from.lastEventId !== undefined) headers["last-event-id"] = from.lastEventId;
  let data: string[] = [];
  let name = "";
  // As the standard has it, an id holds for the events behind it, too; here only the event that names one has one.
  let id: string | undefined;
  for await (const line of linesOf(open, headers, from.signal)) {
    if (line === "") {
      if (data.length > 0) {
        const wire: unknown = JSON.parse(data.join("\n"));
        if (name === "error" && isErrorResponse(wire)) throw new APIError(0, wire);
        yield { data: read(wire), ...(name !== "" && { event: name }), ...(id !== undefined && { id }) };
      }
      data = [];
      name = "";
      id = undefined;
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
    const error = errorIn(wire);
    if (error !== undefined) throw error;
    yield read(wire);
  }
}

/** A last line that says why there are no more. */
function errorIn(wire: unknown): APIError | undefined {
  if (typeof wire !== "object" || wire === null || !("error" in wire) || Object.keys(wire).length !== 1)
    return undefined;
  return isErrorResponse(wire.error) ? new APIError(0, wire.error) : undefined;
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
