// CPU time and memory of the processes that a server started itself (its workers), from /proc: only Linux tells that.
import { readdirSync, readFileSync } from "node:fs";

const microsPerTick = 10_000;

/** Sums over all descendants, without the process itself; `count` is 0 where there is no /proc. */
export function usageOfDescendants(pid) {
  const processes = readProcesses();
  const usage = { count: 0, cpuMicros: 0, rssBytes: 0 };
  const waiting = [pid];
  for (let parent = waiting.pop(); parent !== undefined; parent = waiting.pop()) {
    for (const child of processes.filter((candidate) => candidate.parent === parent)) {
      usage.count++;
      usage.cpuMicros += child.cpuMicros;
      usage.rssBytes += rssBytesOf(child.pid);
      waiting.push(child.pid);
    }
  }
  return usage;
}

function readProcesses() {
  if (process.platform !== "linux") return [];
  const processes = [];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readText(`/proc/${name}/stat`);
    if (stat === undefined) continue;
    // proc_pid_stat(5): behind the command's name in brackets, which may hold anything; utime and stime are fields 14 and 15.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const cpuMicros = (Number(fields[11]) + Number(fields[12])) * microsPerTick;
    processes.push({ pid: Number(name), parent: Number(fields[1]), cpuMicros });
  }
  return processes;
}

/** Resident memory of any process; 0 where it cannot be read. */
export function rssBytesOf(pid) {
  const status = readText(`/proc/${pid}/status`) ?? "";
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

/** CPU time of a process that nobody can ask, in steps of 10 ms. */
export function cpuMicrosOf(pid) {
  return readProcesses().find((candidate) => candidate.pid === pid)?.cpuMicros;
}

function readText(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
