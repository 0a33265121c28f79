// The largest RSS that this process has had.
import { readFileSync } from "node:fs";

/** As the kernel has noted it, where it does: nothing slips between two looks. Otherwise what `sampled` has seen. */
export function peakRssBytes(sampled) {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    return kilobytes === undefined ? sampled : Number(kilobytes) * 1024;
  } catch {
    return sampled;
  }
}

/** Looks every 20 ms; gives what tells the largest it has seen. */
export function watchRss() {
  let largest = 0;
  setInterval(() => {
    largest = Math.max(largest, process.memoryUsage.rss());
  }, 20).unref();
  return () => peakRssBytes(Math.max(largest, process.memoryUsage.rss()));
}
