// One `tenon dev` per app: a living one keeps others out, a dead one does not.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { claimInstance, readInstance } from "./instance.ts";

async function appWith(pid: number): Promise<string> {
  const appDir = await mkdtemp(join(tmpdir(), "tenon-instance-"));
  await mkdir(join(appDir, ".tenon"));
  await writeFile(join(appDir, ".tenon", "dev.json"), JSON.stringify({ pid, gateway: "http://127.0.0.1:4000" }));
  return appDir;
}

test("a living instance refuses a second one and says which", async () => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  await once(child, "spawn");
  try {
    const appDir = await appWith(child.pid as number);
    await assert.rejects(claimInstance(appDir), (error: Error & { code?: string }) => {
      assert.equal(error.code, "already_running");
      assert.match(error.message, new RegExp(`process ${child.pid}, http://127.0.0.1:4000`));
      return true;
    });
  } finally {
    child.kill();
  }
});

test("the file of a dead instance is taken over, announced in, and released", async () => {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  const appDir = await appWith(child.pid as number);
  assert.equal(await readInstance(appDir), undefined);
  const instance = await claimInstance(appDir);
  await instance.announce({ gateway: "http://127.0.0.1:1", dashboard: "http://127.0.0.1:2" });
  await instance.release();
  assert.equal(await readInstance(appDir), undefined);
});

test("a torn file is taken over", async () => {
  const appDir = await appWith(0);
  await writeFile(join(appDir, ".tenon", "dev.json"), '{"pi');
  await (await claimInstance(appDir)).release();
});
