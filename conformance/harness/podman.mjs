// Podman with storage of its own, so that nothing of the machine's containers is touched, and with the runtime and limits that work without
// systemd and in nested containers. `podmanProblem` says why there is none.
import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { toolsProblem } from "./tools.mjs";

const run = promisify(execFile);

/** undefined: it can be used. */
export function podmanProblem() {
  if (process.getuid?.() !== 0) return "podman needs root here";
  return toolsProblem("podman", "runc", "conmon");
}

/** @returns {Promise<{ run(...args: string[]): Promise<string>, remove(): Promise<void> }>} */
export async function openPodman() {
  const dir = await mkdtemp(join(tmpdir(), "tenon-podman-"));
  const [files, processes] = ["-Hn", "-Hu"].map((limit) => Math.min(10_000, hardLimit(limit)));
  const config = join(dir, "containers.conf");
  await writeFile(
    config,
    `[containers]
default_ulimits=["nofile=${files}:${files}","nproc=${processes}:${processes}"]
[engine]
runtime="runc"
cgroup_manager="cgroupfs"
events_logger="file"
`,
  );
  const storage = ["--root", join(dir, "root"), "--runroot", join(dir, "run")];
  const podman = async (...args) => {
    const { stdout } = await run("podman", [...storage, ...args], {
      env: { ...process.env, CONTAINERS_CONF: config },
      timeout: 120_000,
    });
    return stdout.trim();
  };
  return {
    run: podman,
    async remove() {
      await podman("rm", "--all", "--force", "--time", "0");
      // Unmounts what containers have left mounted, which deleting the folder would not.
      await podman("rmi", "--all", "--force");
      await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** "unlimited" is no number. */
function hardLimit(option) {
  return Number(execFileSync("bash", ["-c", `ulimit ${option}`], { encoding: "utf8" }).trim()) || 10_000;
}
