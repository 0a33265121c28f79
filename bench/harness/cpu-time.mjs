// The CPU time that a process has used so far. Linux.
import { readdirSync, readFileSync } from "node:fs";

/** Of all its threads: the scheduler's account, in nanoseconds, where process times are in steps of 10 ms. */
export function cpuMsOf(pid) {
  let nanos = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    nanos += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
  }
  return nanos / 1e6;
}
