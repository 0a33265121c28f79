// Finds the processes that a started app left behind: all its descendants carry a mark in their environment, or the app's folder in
// their command line. Needs /proc; elsewhere `canListProcesses` is false and tests say that they did not look.
import { existsSync, readdirSync, readFileSync } from "node:fs";

export const markName = "TENON_CONFORMANCE_MARK";
export const canListProcesses = existsSync("/proc/self/environ");

/** @returns {{ pid: number, command: string }[]} */
export function processesOf({ mark, appDir }) {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((name) => ({ pid: Number(name), command: read(name, "cmdline"), environment: read(name, "environ") }))
    .filter(({ command, environment }) => environment.includes(`${markName}=${mark}`) || command.includes(appDir))
    .filter(({ command }) => command !== "")
    .map(({ pid, command }) => ({ pid, command: command.replaceAll("\0", " ").trim() }));
}

/** Empty for processes that ended meanwhile, for zombies, and for those of others. */
function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
