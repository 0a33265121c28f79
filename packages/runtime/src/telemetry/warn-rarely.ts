// A warning about something that may happen thousands of times a second: said the first time and then once a minute at most.
import { log } from "../log/log.ts";
import { runOutsideOfCalls } from "./outside-of-calls.ts";

const QUIET_MS = 60_000;
const saidAt = new Map<string, number>();

/** `message` must be one of a few constants: it is the key, and the counts belong into `fields`. */
export function warnRarely(message: string, fields: Readonly<Record<string, unknown>>): void {
  const now = performance.now();
  const last = saidAt.get(message);
  if (last !== undefined && now - last < QUIET_MS) return;
  saidAt.set(message, now);
  runOutsideOfCalls(() => log.warn(message, fields));
}
