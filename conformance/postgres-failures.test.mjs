// What becomes of an app when PostgreSQL is killed, restarted, paused, has no connection to spare or no room on its disk: requests are
// answered `unavailable` (503) before their deadline, nothing acknowledged is lost, messages and cron jobs go on, and no process of the app
// has to be started again.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { provisionDatabase } from "@tenon/runtime";
import { copyApp } from "./harness/app-copy.mjs";
import { eventually } from "./harness/eventually.mjs";
import { assertNothingLost, send, startOutageLoad } from "./harness/outage-load.mjs";
import { startBuild } from "./harness/start.mjs";
import { root, runTenon } from "./harness/tenon.mjs";

const { startPostgres } = await import(join(root, "packages/tenon/dist/engines/postgres/start-postgres.js"));
const run = promisify(execFile);

/** Longer than it takes to notice, and than a call may take; TENON_PAUSE_MS=10000 is the long form. */
const pauseMs = Number(process.env.TENON_PAUSE_MS ?? 4_000);

let copy;

before(async () => {
  copy = await copyApp("conformance/apps/outages");
  const built = await runTenon(["build", copy.dir]);
  assert.equal(built.code, 0, built.stderr);
});

after(async () => {
  await copy?.remove();
});

/** The app on databases of its own on a server; connected by TCP, as to a server elsewhere. */
async function startApp(server) {
  const env = {};
  for (const database of ["notes", "mail", "clock", "tenon_messages"]) {
    const { connectionString } = await provisionDatabase(server.adminUrl, { database, role: database });
    const url = new URL(connectionString);
    url.searchParams.delete("host");
    env[`${database.toUpperCase()}_DATABASE_URL`] = url.href;
  }
  const buildDir = join(copy.dir, ".tenon/build");
  const migrated = await runTenon(["migrate", buildDir], { env });
  assert.equal(migrated.code, 0, migrated.stderr);
  return startBuild(buildDir, { cwd: copy.dir, env });
}

/** The app under load while `outage` runs; then it must have recovered by itself. */
async function survives(app, outage, options) {
  const load = startOutageLoad(app.gateway, options);
  try {
    await eventually("writes", () => load.acknowledged.length > 20);
    await outage(load);
    const soFar = load.acknowledged.length;
    await eventually("writes after the outage", () => load.acknowledged.length > soFar + 20, { deadlineMs: 60_000 });
  } finally {
    await load.stop();
  }
  await assertNothingLost(app.gateway, load);
}

const isRefused = (load, count = 4) =>
  eventually("requests to be refused", () => load.refused.length >= count, { deadlineMs: 30_000 });

describe("PostgreSQL goes away and comes back", () => {
  let folder;
  let server;
  let app;
  const start = () => startPostgres({ dataDir: join(folder, "pg"), settings: { max_connections: "60" } });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "tenon-outage-"));
    server = await start();
    app = await startApp(server);
  });

  after(async () => {
    await app?.stop();
    await server?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  test("killed", async () => {
    await survives(app, async (load) => {
      process.kill(server.pid, "SIGKILL");
      await isRefused(load);
      assert.equal((await send(app.gateway, "GET", "/__tenon/readyz")).status, 503);
      server = await start();
    });
    assert.equal((await send(app.gateway, "GET", "/__tenon/readyz")).status, 200);
  });

  test("restarted", async () => {
    await survives(app, async (load) => {
      await server.stop();
      await isRefused(load);
      server = await start();
    });
  });

  test("paused", { skip: process.platform === "linux" ? false : "needs /proc" }, async () => {
    await survives(app, async (load) => {
      const pids = [server.pid, ...childrenOf(server.pid)];
      for (const pid of pids) signal(pid, "SIGSTOP");
      try {
        await Promise.all([isRefused(load), sleep(pauseMs)]);
        assert.equal((await send(app.gateway, "GET", "/__tenon/readyz")).status, 503);
      } finally {
        for (const pid of [server.pid, ...childrenOf(server.pid)]) signal(pid, "SIGCONT");
      }
    });
  });

  test("out of connections", async () => {
    await survives(app, async (load) => {
      const hogs = new Hogs(server.adminUrl);
      await hogs.takeAll();
      const soFar = load.refused.length;
      await isRefused(load, soFar + 4);
      await hogs.release();
    });
  });
});

describe("the disk is full", () => {
  let mount;
  let server;
  let app;

  before(async () => {
    mount = await mountSmallDisk();
    if (mount.path === undefined) return;
    server = await startPostgres({
      dataDir: join(mount.path, "pg"),
      settings: { wal_keep_size: "0", max_wal_size: "32MB" },
    });
    app = await startApp(server);
  });

  after(async () => {
    await app?.stop();
    await server?.stop();
    await mount?.remove();
  });

  test("writes are refused until there is room again", async (t) => {
    if (mount.path === undefined) return t.skip(`no small file system can be made here: ${mount.reason}`);
    await survives(
      app,
      async (load) => {
        const ballast = join(mount.path, "ballast");
        await fill(ballast);
        await isRefused(load, 20);
        await rm(ballast);
      },
      { textLength: 4_000 },
    );
  });
});

const ofTheApp = "usename IN ('notes', 'mail', 'clock', 'tenon_messages')";

/** Others who take every connection that the server has, also those that the app loses. */
class Hogs {
  #adminUrl;
  #clients = [];
  #isHolding = true;
  #holding;

  constructor(adminUrl) {
    this.#adminUrl = adminUrl;
  }

  /** Resolves when the app has none left. */
  async takeAll() {
    while (await this.#take());
    this.#holding = this.#hold();
    await eventually("the app to have no connection left", async () => {
      const { rows } = await this.#clients[0].query(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE ${ofTheApp}`,
      );
      return rows[0].n === 0;
    });
  }

  /** What the app has is cut, and taken as soon as it is free. */
  async #hold() {
    while (this.#isHolding) {
      if (await this.#take()) continue;
      await this.#clients[0].query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${ofTheApp}`);
      await sleep(5);
    }
  }

  async #take() {
    const client = new pg.Client(this.#adminUrl);
    client.on("error", () => {});
    try {
      await client.connect();
      this.#clients.push(client);
      return true;
    } catch (error) {
      assert.equal(error.code, "53300", error.message);
      return false;
    }
  }

  async release() {
    this.#isHolding = false;
    await this.#holding;
    await Promise.all(this.#clients.map((client) => client.end()));
  }
}

function childrenOf(parent) {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), stat: statOf(name) }))
    .filter(({ stat }) => stat.split(") ")[1]?.split(" ")[1] === String(parent))
    .map(({ pid }) => pid);
}

/** Empty for a process that ended meanwhile. */
function statOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return "";
  }
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

/** A file system of its own in memory, large enough for a server and little more. */
async function mountSmallDisk() {
  const path = await mkdtemp(join(tmpdir(), "tenon-small-disk-"));
  try {
    await run("mount", ["-t", "tmpfs", "-o", "size=200m,mode=755", "tmpfs", path]);
  } catch (error) {
    await rm(path, { recursive: true, force: true });
    return { path: undefined, reason: error.message.trim(), remove: async () => {} };
  }
  return {
    path,
    async remove() {
      await run("umount", ["-l", path]);
      await rm(path, { recursive: true, force: true });
    },
  };
}

/** Writes until nothing more fits. */
async function fill(path) {
  const file = await open(path, "w");
  const chunk = Buffer.alloc(1 << 20);
  try {
    for (let size = chunk.length; size >= 4096; ) {
      try {
        const { bytesWritten } = await file.write(chunk, 0, size);
        if (bytesWritten < size) size = 4096;
      } catch (error) {
        if (error.code !== "ENOSPC") throw error;
        size = size > 4096 ? 4096 : 0;
      }
    }
  } finally {
    await file.close();
  }
}
