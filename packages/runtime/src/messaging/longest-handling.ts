// How long the time of one delivery may be: Node's timers take no more, and one that is given more ends at once.
import { longestTimerMs } from "../clock/clock.ts";

/** For what engines add to it. */
const marginMs = 60_000;

/** More than 24 days. */
export const longestHandlingMs = longestTimerMs - marginMs;
