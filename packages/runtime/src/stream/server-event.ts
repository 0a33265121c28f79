// One event of a server-sent stream: as handlers yield it, and as text (HTML standard, 9.2).
import { ContractError } from "./contract-error.ts";

export interface ServerEvent<Data> {
  /** Travels as JSON. */
  data: Data;
  /** Name that a browser dispatches it under. Default: "message". */
  event?: string;
  /** A client that connects again says which one it has got last. */
  id?: string;
  /** How long a client waits before it connects again, from now on. */
  retryMs?: number;
}

/** What the handler of `api.sse` gets besides the request. */
export interface EventsContext {
  /** `id` of the last event that this client has got, when it connects again. */
  readonly lastEventId: string | undefined;
  /** Aborts when nobody listens any more. */
  readonly signal: AbortSignal;
}

/** An event whose data is JSON text already. */
export type EncodedEvent = Omit<ServerEvent<never>, "data"> & { readonly data: string };

// biome-ignore lint/suspicious/noControlCharactersInRegex: these end a line, or make an id void
const LINE_END = /[\r\n\u0000]/;

/** Throws ContractError for a name or id that would be read as something else. */
export function writeEvent(endpoint: string, { data, event, id, retryMs }: EncodedEvent): string {
  const lines: string[] = [];
  if (retryMs !== undefined) lines.push(`retry: ${Math.max(0, Math.round(retryMs))}`);
  if (id !== undefined) lines.push(`id: ${oneLine(endpoint, "id", id)}`);
  if (event !== undefined) lines.push(`event: ${oneLine(endpoint, "event", event)}`);
  return `${[...lines, `data: ${data}`].join("\n")}\n\n`;
}

function oneLine(endpoint: string, path: string, text: string): string {
  if (typeof text === "string" && !LINE_END.test(text)) return text;
  const message = "must be a string of one line";
  throw new ContractError(endpoint, "an event", [{ path, code: "invalid_format", message }]);
}
