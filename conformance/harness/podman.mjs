// Podman with storage of its own, so that nothing of the machine's containers is touched, and with the runtime and limits that work without
// systemd and in nested containers. `podmanProblem` says why there is none. What a run that was killed has left is removed by the next one.
import { execFile, execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { toolsProblem } from "./tools.mjs";

const run = promisify(execFile);

/** Of folders with the storage of one process, whose number follows. */
const prefix = "tenon-podman-";

/** undefined: it can be used. A container is tried, since whether one may be made here depends on more than what is installed. */
export function podmanProblem() {
  if (process.platform !== "linux") return "containers run on Linux only";
  if (process.getuid?.() !== 0) return "podman needs root here";
  return toolsProblem("podman", "runc", "conmon") ?? trialProblem();
}

function trialProblem() {
  const dir = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  const storage = ["--root", join(dir, "root"), "--runroot", join(dir, "run")];
  const trial = ["run", "--rm", "--network", "none", "--rootfs", "/:O", "/bin/true"];
  const { status, stderr } = spawnSync("podman", [...storage, ...trial], {
    env: { ...process.env, CONTAINERS_CONF: writeSettings(dir) },
    encoding: "utf8",
    timeout: 60_000,
  });
  rmSync(dir, { recursive: true, force: true });
  return status === 0 ? undefined : `podman can't run containers here: ${stderr.trim().split("\n").at(-1)}`;
}

/** @returns its file. */
function writeSettings(dir) {
  const [files, processes] = ["-Hn", "-Hu"].map((limit) => Math.min(10_000, hardLimit(limit)));
  const file = join(dir, "containers.conf");
  writeFileSync(
    file,
    `[containers]
default_ulimits=["nofile=${files}:${files}","nproc=${processes}:${processes}"]
[engine]
runtime="runc"
cgroup_manager="cgroupfs"
events_logger="file"
`,
  );
  return file;
}

/** @returns {Promise<{ dir: string, run(...args: string[]): Promise<string>, remove(): Promise<void> }>} `dir`: for more files; goes with it */
export async function openPodman() {
  await removeLeftovers();
  return podmanIn(await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`)));
}

function podmanIn(dir) {
  const config = writeSettings(dir);
  const storage = ["--root", join(dir, "root"), "--runroot", join(dir, "run")];
  const podman = async (...args) => {
    const { stdout } = await run("podman", [...storage, ...args], {
      env: { ...process.env, CONTAINERS_CONF: config },
      timeout: 120_000,
    });
    return stdout.trim();
  };
  return {
    dir,
    run: podman,
    async remove() {
      await podman("rm", "--all", "--force", "--time", "0");
      // Unmounts what containers have left mounted, which deleting the folder would not.
      await podman("rmi", "--all", "--force");
      await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** Containers outlive the process that has started them. */
async function removeLeftovers() {
  for (const name of await readdir(tmpdir())) {
    const owner = /^\d+(?=-)/.exec(name.startsWith(prefix) ? name.slice(prefix.length) : "");
    if (owner === null || isRunning(Number(owner[0]))) continue;
    try {
      await podmanIn(join(tmpdir(), name)).remove();
    } catch {
      // Another test that starts now is at it as well.
    }
  }
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** "unlimited" is no number. */
function hardLimit(option) {
  return Number(execFileSync("bash", ["-c", `ulimit ${option}`], { encoding: "utf8" }).trim()) || 10_000;
}
