// What infra.json says of the process, seen from outside of one that runs: where it is, who may ask, how much it logs, how it ends.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { eventually } from "./harness/eventually.mjs";
import { requestTo } from "./harness/request-to.mjs";
import { startBuild } from "./harness/start.mjs";
import { runTenon } from "./harness/tenon.mjs";

const content = {
  metadata: { app_id: "place-7", env_name: "eu", env_type: "ephemeral", cloud: "gcp", base_url: "https://api.example" },
  cors: { allow_origins_with_credentials: ["https://of-the-place.example"] },
  log_config: "debug",
  worker_threads: 2,
  // Ten minutes, if it were not for the parts.
  graceful_shutdown: { total: 600, handlers: 599.7, shutdown_hooks: 599 },
};

describe("a process with an infra.json", () => {
  let copy;
  let app;
  /** Of metrics. */
  let receiver;
  const pushes = [];
  before(async () => {
    receiver = createServer((request, response) => {
      pushes.push(`${request.method} ${request.url}`);
      request.resume().on("end", () => response.writeHead(204).end());
    });
    await new Promise((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    const metrics = { type: "prometheus", remote_write_url: `http://127.0.0.1:${receiver.address().port}/write` };
    copy = await copyApp("conformance/apps/place");
    const built = await runTenon(["build", copy.dir]);
    assert.equal(built.code, 0, built.stdout + built.stderr);
    const file = join(copy.dir, "infra.json");
    await writeFile(file, JSON.stringify({ ...content, metrics }));
    // As of Encore.ts' images.
    app = await startBuild(join(copy.dir, ".tenon/build"), { cwd: copy.dir, env: { ENCORE_INFRA_CONFIG_PATH: file } });
  });
  after(async () => {
    await app?.stop();
    receiver?.close();
    await copy?.remove();
  });
  const said = (message) => app.output().includes(`"${message}"`);

  test("metadata is what appMeta gives", async () => {
    const { body } = await requestTo(app.gateway, "GET", "/about");
    const environment = { name: "eu", type: "ephemeral", cloud: "gcp" };
    assert.deepEqual(body, { appId: "place-7", apiBaseUrl: "https://api.example", environment });
  });

  test("cors goes before that of the app", async () => {
    const allowed = async (origin) =>
      (await requestTo(app.gateway, "GET", "/about", undefined, { origin, cookie: "a=b" })).headers.get(
        "access-control-allow-credentials",
      );
    assert.equal(await allowed("https://of-the-place.example"), "true");
    assert.equal(await allowed("https://of-the-app.example"), null);
  });

  test("log_config is the level, worker_threads how many serve", async () => {
    await eventually("the line of the endpoint", () => said("somebody asks"));
    assert.match(app.output(), /"message":"started".*"workers":2/);
  });

  test("the content may stand in the environment, where no file can be mounted", async () => {
    const inline = JSON.stringify({ metadata: { ...content.metadata, app_id: "inline" }, worker_threads: 1 });
    const other = await startBuild(join(copy.dir, ".tenon/build"), { cwd: copy.dir, env: { TENON_INFRA: inline } });
    try {
      const { body } = await requestTo(other.gateway, "GET", "/about");
      assert.equal(body.appId, "inline");
    } finally {
      await other.stop();
    }
  });

  test("the parts of graceful_shutdown end requests, and then the shutdown of services", async () => {
    const waiting = requestTo(app.gateway, "GET", "/wait").then(
      ({ status }) => status,
      () => "cut off",
    );
    await eventually("the request", () => said("somebody waits"));
    const before = pushes.length;
    await app.stop();
    assert.notEqual(await waiting, 200);
    assert.ok(said("shutdown begins"), app.output());
    // One of each worker, at its end.
    assert.deepEqual(pushes.slice(before), ["POST /write", "POST /write"]);
  });
});
