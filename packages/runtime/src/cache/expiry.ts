// When entries of a cache end, as it is said in code and as the server is told.
import { clock } from "../clock/clock.ts";

/** When an entry ends; made by the functions of this module. */
export type Expiry =
  | { type: "duration"; durationMs: number }
  | { type: "time"; hours: number; minutes: number; seconds: number }
  | "never"
  | "keep-ttl";

/** After so many milliseconds. */
export function expireIn(durationMs: number): Expiry {
  return { type: "duration", durationMs };
}

export function expireInSeconds(seconds: number): Expiry {
  return expireIn(seconds * 1_000);
}

export function expireInMinutes(minutes: number): Expiry {
  return expireIn(minutes * 60_000);
}

export function expireInHours(hours: number): Expiry {
  return expireIn(hours * 3_600_000);
}

/** The next time that it is so late, in UTC. */
export function expireDailyAt(hours: number, minutes: number, seconds: number): Expiry {
  return { type: "time", hours, minutes, seconds };
}

/** Not by time; the server may still evict the entry when its memory is full. */
export const neverExpire: Expiry = "never";

/** When it would have ended without this write; an entry that is new does not end. */
export const keepTTL: Expiry = "keep-ttl";

/** What a write does to the time that an entry has left: milliseconds, nothing, or taking the limit away. */
export type TimeToLive = number | "keep" | "forever";

/** Throws RangeError for what is no time. */
export function timeToLive(expiry: Expiry): TimeToLive {
  if (expiry === "never") return "forever";
  if (expiry === "keep-ttl") return "keep";
  const durationMs = expiry.type === "duration" ? expiry.durationMs : untilTimeOfDay(expiry);
  const rounded = Math.ceil(durationMs);
  if (rounded > 0 && Number.isSafeInteger(rounded)) return rounded;
  throw new RangeError(`the expiry must be a positive number of milliseconds, got ${durationMs}`);
}

function untilTimeOfDay({ hours, minutes, seconds }: Extract<Expiry, { type: "time" }>): number {
  const now = clock().now();
  const next = new Date(now);
  next.setUTCHours(hours, minutes, seconds, 0);
  if (next.getTime() <= now) next.setUTCDate(next.getUTCDate() + 1);
  return next.getTime() - now;
}
