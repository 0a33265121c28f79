// How the items that a handler yields are written: one JSON value a line, server-sent events, or, between services, lines with a
// letter in front, so that an item, an error and the end cannot be mistaken for each other.
import type { Codec, Issue } from "@tenon/model";
import type { APIError } from "../call/api-error.ts";
import type { HostedEndpoint } from "../call/hosted-endpoint.ts";
import { toErrorBody } from "../call/normalize-error.ts";
import { ContractError } from "./contract-error.ts";
import { type ServerEvent, writeEvent } from "./server-event.ts";

export interface ItemFormat {
  readonly headers: Readonly<Record<string, string>>;
  /** Throws ContractError. */
  item(item: unknown): string;
  /** The last thing that is sent when a handler fails after its first item. */
  error(error: APIError): string;
  /** The last thing that is sent when it does not. */
  readonly end: string;
  /** Sent where nothing else is for a while; undefined: nothing can be. */
  readonly heartbeat: string | undefined;
  /** Without an item there is no body at all: a browser that gets 204 does not connect again, for an empty stream it would. */
  readonly canBeAbsent: boolean;
}

/** Nothing on the way may keep it for later; `x-accel-buffering` says so to nginx. */
const UNBUFFERED = { "cache-control": "no-cache, no-transform", "x-accel-buffering": "no" };

export function publicFormat(hosted: HostedEndpoint): ItemFormat {
  return hosted.endpoint.kind === "sse" ? eventFormat(hosted) : lineFormat(hosted);
}

function lineFormat(hosted: HostedEndpoint): ItemFormat {
  const codec = hosted.codec.outgoing!;
  return {
    headers: { "content-type": "application/x-ndjson", ...UNBUFFERED },
    item: (item) => `${encodeItem(hosted.name, codec, item)}\n`,
    error: (error) => `${JSON.stringify({ error: toErrorBody(error) })}\n`,
    end: "",
    heartbeat: undefined,
    canBeAbsent: false,
  };
}

function eventFormat(hosted: HostedEndpoint): ItemFormat {
  const codec = hosted.codec.outgoing!;
  const { name } = hosted;
  return {
    headers: { "content-type": "text/event-stream", ...UNBUFFERED },
    item(item) {
      const event = eventIn(name, item);
      return writeEvent(name, { ...event, data: encodeItem(name, codec, event.data) });
    },
    error: (error) => writeEvent(name, { event: "error", data: JSON.stringify(toErrorBody(error)) }),
    end: "",
    heartbeat: ":\n\n",
    canBeAbsent: true,
  };
}

/** Letters: an item, an error, the end, a sign of life. */
export const INTERNAL_LINES = { item: "i", error: "e", end: ".", heartbeat: ":" } as const;

export function internalFormat(hosted: HostedEndpoint): ItemFormat {
  const codec = hosted.codec.outgoing!;
  const isEvent = hosted.endpoint.kind === "sse";
  const encode = (item: unknown) =>
    isEvent ? encodeEvent(hosted.name, codec, item) : encodeItem(hosted.name, codec, item);
  return {
    headers: { "content-type": "application/x-ndjson" },
    item: (item) => `${INTERNAL_LINES.item}${encode(item)}\n`,
    error: (error) => `${INTERNAL_LINES.error}${JSON.stringify(toErrorBody(error))}\n`,
    end: `${INTERNAL_LINES.end}\n`,
    heartbeat: `${INTERNAL_LINES.heartbeat}\n`,
    canBeAbsent: false,
  };
}

function encodeEvent(endpoint: string, codec: Codec, item: unknown): string {
  const { data, event, id, retryMs } = eventIn(endpoint, item);
  const issues: Issue[] = [];
  const wire = { data: codec.encode(data, issues), event, id, retryMs };
  if (issues.length > 0) throw new ContractError(endpoint, "an event", issues);
  return JSON.stringify(wire);
}

function encodeItem(endpoint: string, codec: Codec, item: unknown): string {
  const issues: Issue[] = [];
  const wire = codec.encode(item, issues);
  if (issues.length > 0) throw new ContractError(endpoint, "an item", issues);
  return JSON.stringify(wire) ?? "null";
}

/** What a handler of `api.sse` yields is an event, with the data in it. Throws ContractError. */
export function eventIn(endpoint: string, item: unknown): ServerEvent<unknown> {
  if (typeof item === "object" && item !== null && "data" in item) return item as ServerEvent<unknown>;
  const issue = { path: "", code: "invalid_type", message: "must be an object with `data`" } as const;
  throw new ContractError(endpoint, "an event", [issue]);
}
