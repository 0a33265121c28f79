// Cron jobs of a running app in both topologies: on time, when asked, in a trace of their own.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";
import { eventually } from "./harness/eventually.mjs";
import { runTenon } from "./harness/tenon.mjs";

for (const topology of ["single", "per-service"]) {
  describe(topology, () => {
    let copy;
    let app;
    before(async () => {
      copy = await copyApp("conformance/apps/cron");
      app = await startDev(copy.dir, { topology });
    });
    after(async () => {
      await app?.stop();
      await copy.remove();
    });

    test("a job runs by itself, in a trace of its own", async () => {
      await eventually("two ticks", async () => (await app.request("GET", "/calls")).body.calls >= 2);
      const trace = await eventually("the trace", async () => {
        const { traces } = await app.fromDashboard("/api/traces?limit=50");
        return traces.find(({ spans, root }) => spans >= 2 && root.method === "");
      });
      const { spans } = await app.fromDashboard(`/api/traces/${trace.traceId}`);
      const root = spans.find(({ parentSpanId }) => parentSpanId === null);
      assert.equal(root.name, "cron every-second");
      assert.equal(root.attributes["tenon.cron.trigger"], "schedule");
      assert.ok(spans.some(({ name, parentSpanId }) => name === "beat.tick" && parentSpanId === root.spanId));
    });

    test("jobs are listed with their next run", async () => {
      const { jobs } = await app.fromDashboard("/api/cron");
      assert.deepEqual(
        jobs.map(({ name, service, endpoint }) => [name, service, endpoint]),
        [
          ["every-second", "beat", "tick"],
          ["failing", "beat", "fail"],
        ],
      );
      assert.match(new Date(jobs[1].nextRunAt).toISOString(), /-01-01T03:00:00/);
      const { stdout } = await runTenon(["cron", "list", "--app", copy.dir]);
      assert.match(stdout, /every-second {2}every 1 s {2}beat\.tick/);
    });

    test("a job runs when it is asked for, and says how it went", async () => {
      const failed = await runTenon(["cron", "run", "failing", "--app", copy.dir, "--json"]);
      assert.equal(failed.code, 1);
      const { ok, traceId } = JSON.parse(failed.stdout);
      assert.equal(ok, false);
      assert.match(traceId, /^[0-9a-f]{32}$/);
      const unknown = await runTenon(["cron", "run", "nothing", "--app", copy.dir]);
      assert.equal(unknown.code, 1);
      assert.match(unknown.stderr, /there is no cron job "nothing"/);
    });
  });
}
