// A machine of its own for tests: a fresh Debian whose systemd runs in namespaces of this one. It is reached by nsenter in the place of ssh.
import { execFile, spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { eventually } from "../harness/eventually.mjs";

const run = promisify(execFile);
const boot = new URL("boot-machine.sh", import.meta.url).pathname;

/** Why there is no machine here; undefined: there is. */
export function whyNoMachine() {
  if (process.platform !== "linux") return "systemd is on Linux";
  if (process.env.TENON_VM_ROOT === undefined)
    return "TENON_VM_ROOT names no root file system of Debian (see docs/guides/deploy-vm.md)";
  return process.getuid() === 0 ? undefined : "only root can boot a machine";
}

export class Machine {
  #upper;
  #booted;
  pid;

  static async open() {
    const machine = new Machine();
    machine.#upper = await mkdtemp(join(tmpdir(), "tenon-machine-"));
    await machine.#boot();
    return machine;
  }

  async #boot() {
    const child = spawn(boot, [process.env.TENON_VM_ROOT, this.#upper], { stdio: "ignore" });
    this.#booted = { child, exited: new Promise((resolve) => child.once("exit", resolve)) };
    this.pid = await eventually("systemd to begin", async () => {
      const [first] = (await readFile(`/proc/${child.pid}/task/${child.pid}/children`, "utf8")).trim().split(" ");
      const name = await readFile(`/proc/${first}/comm`, "utf8");
      return name.trim() === "systemd" ? Number(first) : undefined;
    });
    await eventually("the machine to be up", async () => {
      const { stdout } = await this.run("systemctl is-system-running || true");
      return ["running", "degraded"].includes(stdout.trim());
    });
    // What the scripts take for ssh: <command> HOST LINE.
    this.ssh = join(this.#upper, "ssh");
    await writeFile(
      this.ssh,
      `#!/bin/sh\nexec nsenter -t ${this.pid} -m -u -i -n -p -C ${this.#clean.join(" ")} sh -c "$2"\n`,
    );
    await chmod(this.ssh, 0o755);
  }

  #clean = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root"];

  /** A command line of its shell, as root. */
  run(line) {
    const into = ["-t", String(this.pid), "-m", "-u", "-i", "-n", "-p", "-C"];
    return run("nsenter", [...into, ...this.#clean, "sh", "-c", line], { maxBuffer: 1 << 24 });
  }

  async reboot() {
    await this.#powerOff();
    await this.#boot();
  }

  async #powerOff() {
    await this.run("systemctl poweroff").catch(() => {});
    const timer = setTimeout(() => this.#booted.child.kill("SIGKILL"), 30_000);
    await this.#booted.exited;
    clearTimeout(timer);
  }

  async close() {
    await this.#powerOff();
    await rm(this.#upper, { recursive: true, force: true });
  }
}
