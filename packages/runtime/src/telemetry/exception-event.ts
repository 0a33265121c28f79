// Turns anything thrown into the attributes of an `exception` event (OpenTelemetry's names), its causes included. Refuses to throw:
// what it is given may be a proxy, may have getters that throw, may be its own cause.
import type { Attributes } from "@tenon/model";

const MAX_CAUSES = 8;
const MAX_STACK_LENGTH = 16_384;

/** `exception.type`, `exception.message` and `exception.stacktrace`; the trace of each cause follows behind "Caused by:". */
export function describeException(error: unknown): Attributes {
  const parts: string[] = [];
  let current = error;
  for (let depth = 0; depth <= MAX_CAUSES && current !== undefined && current !== null; depth++) {
    parts.push((depth === 0 ? "" : "Caused by: ") + stackOf(current));
    current = readProperty(current, "cause");
  }
  const stack = parts.join("\n");
  return {
    "exception.type": typeNameOf(error),
    "exception.message": messageOf(error),
    "exception.stacktrace": stack.length > MAX_STACK_LENGTH ? `${stack.slice(0, MAX_STACK_LENGTH)}\n[cut]` : stack,
  };
}

export function messageOf(error: unknown): string {
  if (isErrorLike(error)) return asText(readProperty(error, "message"));
  return asText(error);
}

function typeNameOf(error: unknown): string {
  if (!isErrorLike(error)) return error === null ? "null" : typeof error;
  const name = readProperty(error, "name");
  return typeof name === "string" && name !== "" ? name : "Error";
}

function stackOf(error: unknown): string {
  const stack = isErrorLike(error) ? readProperty(error, "stack") : undefined;
  let text = typeof stack === "string" && stack !== "" ? stack : `${typeNameOf(error)}: ${messageOf(error)}`;
  const errors = isErrorLike(error) ? readProperty(error, "errors") : undefined;
  if (Array.isArray(errors)) {
    for (const inner of errors.slice(0, MAX_CAUSES))
      text += `\nTogether with: ${typeNameOf(inner)}: ${messageOf(inner)}`;
  }
  return text;
}

/** Errors of other realms (vm contexts, workers) fail `instanceof`, so the shape decides. */
function isErrorLike(value: unknown): boolean {
  if (value instanceof Error) return true;
  return typeof value === "object" && value !== null && typeof readProperty(value, "message") === "string";
}

function readProperty(value: unknown, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}

function asText(value: unknown): string {
  try {
    return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
  } catch {
    return "[a value that cannot be shown]";
  }
}
