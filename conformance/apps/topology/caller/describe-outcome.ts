// Says what a call gave, with types that JSON would lose, so that two topologies can be compared to the letter.
import { APIError } from "tenon/api";

export type Outcome =
  | { value: unknown }
  | { error: { apiError: boolean; code?: string; message: string; details?: unknown } };

export async function describeOutcome(call: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { value: tag(await call()) };
  } catch (error) {
    if (error instanceof APIError) {
      return { error: { apiError: true, code: error.code, message: error.message, details: error.details ?? null } };
    }
    return { error: { apiError: false, message: error instanceof Error ? error.message : String(error) } };
  }
}

function tag(value: unknown): unknown {
  if (value === undefined) return { $: "undefined" };
  if (typeof value === "bigint") return { $: "bigint", value: String(value) };
  if (value instanceof Date) return { $: "Date", value: value.toISOString() };
  if (value instanceof URL) return { $: "URL", value: value.href };
  if (value instanceof Uint8Array) return { $: "Uint8Array", value: [...value] };
  if (value instanceof Map) return { $: "Map", value: [...value].map(([key, item]) => [tag(key), tag(item)]) };
  if (value instanceof Set) return { $: "Set", value: [...value].map(tag) };
  if (Array.isArray(value)) return value.map(tag);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, tag(item)]));
  }
  return value;
}
