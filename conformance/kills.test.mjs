// kill -9 under load, of a service's process, of PostgreSQL, and of the supervisor itself: nothing acknowledged is lost, everything comes back
// without a person, and nobody is left behind.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";
import { eventually } from "./harness/eventually.mjs";
import { canListProcesses } from "./harness/processes.mjs";

let nextNumber = 0;

/** Writes while `use` runs, whatever becomes of it; gives what was acknowledged. */
async function underLoad(app, use) {
  const load = startLoad(app);
  try {
    await eventually("writes", () => load.acknowledged.length > 100);
    await use(load);
  } finally {
    await load.stop();
  }
  return load.acknowledged;
}

/** Keeps writing until told to stop; remembers what was acknowledged. */
function startLoad(app, writers = 8) {
  const acknowledged = [];
  let running = true;
  const loops = Array.from({ length: writers }, async () => {
    while (running) {
      const n = nextNumber++;
      const answer = await app.request("POST", "/entries", { n }).catch(() => undefined);
      if (answer?.status === 200) acknowledged.push(n);
      else await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
  return {
    acknowledged,
    async stop() {
      running = false;
      await Promise.all(loops);
    },
  };
}

async function assertNothingLost(app, acknowledged) {
  const { body } = await eventually("the ledger to answer", async () => {
    const answer = await app.request("GET", "/entries");
    return answer.status === 200 && answer;
  });
  const stored = new Set(body);
  assert.deepEqual(
    acknowledged.filter((n) => !stored.has(n)),
    [],
  );
}

/** The process that serves requests of the app's group with this service, as the process itself says. */
async function servingPid(app) {
  const { body } = await app.request("POST", "/entries", { n: nextNumber++ });
  return body.pid;
}

/** The postmaster of the app: a postgres whose parent is no postgres. */
function postmasterPid(app) {
  const candidates = app
    .processes()
    .filter(
      ({ command }) =>
        /\bpostgres\b.* -D /.test(command) && !command.includes("unshare") && !command.includes("setpriv"),
    );
  const pid = candidates[0]?.pid;
  assert.ok(
    pid,
    `no postmaster among\n${app
      .processes()
      .map((entry) => entry.command)
      .join("\n")}`,
  );
  return pid;
}

const skip = canListProcesses ? false : "needs /proc to see processes";

for (const topology of ["single", "per-service"]) {
  describe(`kill -9, ${topology}`, { skip }, () => {
    let copy;
    let app;
    before(async () => {
      copy = await copyApp("conformance/apps/ledger");
      app = await startDev(copy.dir, { topology });
    });
    after(async () => {
      await app?.stop();
      await app?.waitUntilGone();
      await copy?.remove();
    });

    test("of a service process", async () => {
      const pid = await servingPid(app);
      const acknowledged = await underLoad(app, async (load) => {
        process.kill(pid, "SIGKILL");
        const soFar = load.acknowledged.length;
        await eventually("writes after the kill", () => load.acknowledged.length > soFar + 100);
      });
      assert.notEqual(await servingPid(app), pid);
      await assertNothingLost(app, acknowledged);
    });

    test("of PostgreSQL", async () => {
      const acknowledged = await underLoad(app, async (load) => {
        const killed = postmasterPid(app);
        process.kill(killed, "SIGKILL");
        await eventually("another PostgreSQL", () => postmasterPid(app) !== killed);
        const soFar = load.acknowledged.length;
        await eventually("writes after the kill", () => load.acknowledged.length > soFar + 100);
      });
      await assertNothingLost(app, acknowledged);
    });
  });
}

describe("kill -9 of the supervisor", { skip }, () => {
  test("leaves no orphan and loses nothing; the next start serves on", async () => {
    const copy = await copyApp("conformance/apps/ledger");
    try {
      const app = await startDev(copy.dir, { topology: "per-service" });
      const acknowledged = await underLoad(app, () => app.kill());
      await app.waitUntilGone();
      const again = await startDev(copy.dir);
      try {
        await assertNothingLost(again, acknowledged);
      } finally {
        await again.stop();
        await again.waitUntilGone();
      }
    } finally {
      await copy.remove();
    }
  });

  for (const signal of ["SIGINT", "SIGTERM"]) {
    test(`${signal} stops everything and exits with 0`, async () => {
      const copy = await copyApp("conformance/apps/ledger");
      const app = await startDev(copy.dir, { topology: "per-service" });
      const { code } = await app.stop(signal);
      assert.equal(code, 0, app.output);
      await app.waitUntilGone();
      await copy.remove();
    });
  }
});
