// Runs as a process of its own where the system cannot end a child with its parent: waits for the parent's end of a pipe to close
// without a farewell, which happens also when the parent is killed, and then shuts the server down.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const farewell = "done";

/** Returns a function that calls the watchdog off. */
export function guardWithWatchdog(pid: number): () => void {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), String(pid)], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    windowsHide: true,
  });
  child.once("error", () => {});
  child.stdin.on("error", () => {});
  child.unref();
  return () => {
    child.stdin.end(farewell);
  };
}

async function watch(pid: number): Promise<void> {
  let received = "";
  for await (const chunk of process.stdin) received += chunk;
  if (received === farewell) return;
  try {
    process.kill(pid, "SIGINT");
  } catch {
    // It ended with the parent.
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await watch(Number(process.argv[2]));
