// The history of a run: one line per event, written by one call to a file opened for appending. What was written survives the death of
// this process, and the order of lines is the order of events in all processes.
import { openSync, writeSync } from "node:fs";

interface Event {
  event: "begun" | "handled" | "refused";
  subscription: string;
  token: string;
  attempt: number;
}

const file = process.env["TENON_KILLS_HISTORY"];
const descriptor = file === undefined ? undefined : openSync(file, "a");

export function record(event: Event): void {
  if (descriptor !== undefined) writeSync(descriptor, `${JSON.stringify({ ...event, pid: process.pid })}\n`);
}

/** Time in which a process can be killed in the middle of a handler. */
export function hold(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
