// Messages of a stream to JSON text and back, checked and projected as everything that crosses a wire.
import type { Codec, Issue } from "@tenon/model";
import { locateJsonError } from "../call/json-error.ts";
import { invalidMessage, RequestError } from "../call/request-error.ts";
import { log } from "../log/log.ts";
import { ContractError } from "./contract-error.ts";

/** Who sends: a handler that breaks its contract is at fault, a caller's message is refused like any request. */
export type Sender = "handler" | "caller";

/** Throws ContractError, or RequestError `invalid_message`; either is logged, since nobody need wait for what was sent. */
export function encodeMessage(endpoint: string, codec: Codec, message: unknown, sender: Sender): string {
  const issues: Issue[] = [];
  const wire = codec.encode(message, issues);
  if (issues.length > 0) throw wrongMessage(endpoint, issues, sender);
  return JSON.stringify(wire) ?? "null";
}

/** What the other end of a stream in this process gets. Throws as `encodeMessage`. */
export function copyMessage(endpoint: string, codec: Codec, message: unknown, sender: Sender): unknown {
  const issues: Issue[] = [];
  const copied = codec.copy(message, issues);
  if (issues.length > 0) throw wrongMessage(endpoint, issues, sender);
  return copied;
}

function wrongMessage(endpoint: string, issues: readonly Issue[], sender: Sender): Error {
  const error =
    sender === "handler" ? new ContractError(endpoint, "a message", issues) : invalidMessage(endpoint, issues);
  log.error(error, "a message was not sent");
  return error;
}

/** Throws RequestError `invalid_message`. */
export function decodeMessage(endpoint: string, codec: Codec, text: string): unknown {
  const issues: Issue[] = [];
  const message = codec.decode(parse(endpoint, text), issues);
  if (issues.length > 0) throw invalidMessage(endpoint, issues);
  return message;
}

function parse(endpoint: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const found = locateJsonError(text);
    const where = found === undefined ? "" : ` (${found.reason} at line ${found.line}, column ${found.column})`;
    throw new RequestError("invalid_message", { endpoint, summary: `it is not JSON${where}` }, error);
  }
}
