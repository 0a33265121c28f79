// The messages of endpoints that have many: what the client sends, and what it gets.
import type { Endpoint, EndpointKind, Schema } from "@tenon/model";
import type { DiagnosticCode } from "../diagnose/catalogue.ts";
import type { Signature } from "../schema/unit.ts";

/** A function that returns an async iterable answers with what that yields. */
export function kindOf(declared: EndpointKind, signature: Signature | null): EndpointKind {
  return declared === "typed" && signature !== null && "outgoing" in signature.types ? "http-stream" : declared;
}

const directionsOf: Partial<Record<EndpointKind, readonly ("incoming" | "outgoing")[]>> = {
  "stream-in": ["incoming"],
  "stream-out": ["outgoing"],
  "stream-in-out": ["incoming", "outgoing"],
  sse: ["outgoing"],
  "http-stream": ["outgoing"],
};

const nouns: Partial<Record<EndpointKind, string>> = { sse: "the data of its events", "http-stream": "what it yields" };

export function messagesOf(
  name: string,
  kind: EndpointKind,
  signature: Signature,
  rename: (schema: Schema | null) => Schema | null,
  report: (code: DiagnosticCode, words: Record<string, string>) => void,
): Pick<Endpoint, "messages"> {
  const directions = directionsOf[kind];
  if (directions === undefined) return {};
  const messages: { incoming?: Schema; outgoing?: Schema } = {};
  for (const direction of directions) {
    const schema = rename(signature.types[direction] ?? null);
    if (schema === null) report("TN1120", { name, what: nouns[kind] ?? `${direction} messages` });
    else messages[direction] = schema;
  }
  return { messages };
}
