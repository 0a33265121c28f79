// One place, one worker: also when the worker that is being replaced ends by itself meanwhile.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";

const here = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);

/** Supervisor and worker in one; a worker has started once the file is there that the test makes. */
const SOURCE = `
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
const { joinSupervisor } = await import(${here("./join-supervisor.js")});
const membership = await joinSupervisor();
if (membership === undefined) {
  const { superviseWorkers } = await import(${here("./supervise-workers.js")});
  const stopped = new Promise((resolve) => process.once("SIGTERM", () => resolve("SIGTERM")));
  await superviseWorkers({ count: 1, file: process.argv[1], args: [process.argv[2]] }, stopped);
  process.exit(0);
}
console.log("begun " + process.pid);
const alive = setInterval(() => {}, 1000);
while (!existsSync(process.argv[2])) await sleep(10);
membership.ready({ services: [], gateway: null, internal: null, shutdownTimeoutMs: 1000 });
await membership.stopped;
process.exit(0);
`;

describe("a supervisor", { skip: process.platform === "win32", timeout: 120_000 }, () => {
  it("has one worker after a reload during which the old one was lost", async () => {
    const dir = mkdtempSync(join(tmpdir(), "tenon-supervisor-"));
    const file = join(dir, "app.mjs");
    writeFileSync(file, SOURCE);
    const gate = join(dir, "open");
    writeFileSync(gate, "");
    const supervisor = spawn(process.execPath, [file, gate], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [supervisor.stdout, supervisor.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    const ended = new Promise((resolve) => supervisor.once("exit", resolve));
    const begun = () => [...output.matchAll(/begun (\d+)/g)].map((match) => Number(match[1]));
    const until = async (isTrue: () => boolean) => {
      while (!isTrue()) {
        assert.deepEqual([supervisor.exitCode, supervisor.signalCode], [null, null], output);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    try {
      await until(() => output.includes('"started"'));
      rmSync(gate);
      supervisor.kill("SIGHUP");
      await until(() => begun().length === 2);
      process.kill(begun()[0]!, "SIGKILL");
      // The one in its place waits at the gate, too.
      await until(() => begun().length === 3);
      writeFileSync(gate, "");
      await until(() => output.includes('"reloaded"'));
      await until(() => begun().filter(isAlive).length === 1);
    } finally {
      supervisor.kill("SIGTERM");
      await ended;
      rmSync(dir, { recursive: true, force: true });
    }
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
