// Reads what is asked of a subscription's dead letters: which page, which of them, how fast. Throws RequestError for what makes no sense.
import type { DeadLetterQuery, ReplayOptions } from "@tenon/model";
import { RequestError } from "./errors.ts";

const defaultLimit = 100;
const maxLimit = 1_000;
const longestPosition = 1_000;

export function readLetterQuery(query: URLSearchParams): DeadLetterQuery {
  for (const name of query.keys()) {
    if (name !== "limit" && name !== "after")
      throw new RequestError("invalid_argument", `there is no parameter "${name}"; limit and after are known`);
  }
  const after = query.get("after") ?? undefined;
  if (after !== undefined && (after === "" || after.length > longestPosition))
    throw new RequestError("invalid_argument", "after must be the `next` of the page before");
  return { limit: readLimit(query.get("limit")), ...(after === undefined ? {} : { after }) };
}

function readLimit(text: string | null): number {
  if (text === null) return defaultLimit;
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= maxLimit) return limit;
  throw new RequestError("invalid_argument", `limit must be a whole number from 1 to ${maxLimit}, got "${text}"`);
}

/** `{}` is all of them at once. */
export function readReplay(body: unknown): Omit<ReplayOptions, "traceparent"> {
  const options = readObject(body, ["messageIds", "limit", "perSecond"]);
  const { messageIds, limit, perSecond } = options;
  if (limit !== undefined && !(Number.isSafeInteger(limit) && (limit as number) >= 1))
    throw new RequestError("invalid_argument", "limit must be a whole number from 1 on");
  if (perSecond !== undefined && !(Number.isFinite(perSecond) && (perSecond as number) > 0))
    throw new RequestError("invalid_argument", "perSecond must be a number above 0");
  return {
    ...(messageIds === undefined ? {} : { messageIds: readIds(messageIds) }),
    ...(limit === undefined ? {} : { limit: limit as number }),
    ...(perSecond === undefined ? {} : { perSecond: perSecond as number }),
  };
}

/** Only by their ids: what is thrown away was looked at. */
export function readDiscard(body: unknown): readonly string[] {
  return readIds(readObject(body, ["messageIds"])["messageIds"]);
}

function readObject(body: unknown, known: readonly string[]): Record<string, unknown> {
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new RequestError("invalid_argument", `the body must be an object with ${known.join(", ")}`);
  for (const name of Object.keys(body)) {
    if (!known.includes(name))
      throw new RequestError("invalid_argument", `there is no "${name}"; ${known.join(", ")} are known`);
  }
  return body as Record<string, unknown>;
}

function readIds(value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((id) => typeof id === "string")) return value;
  throw new RequestError("invalid_argument", "messageIds must be a list of message ids");
}
