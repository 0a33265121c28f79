// Pages of other origins: what the app file allows, in every way of running, told by the headers that a browser looks at.
import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";
import { everywhere } from "./harness/everywhere.mjs";

const app1 = "https://app.example.com";
const preview = "https://feature-1.preview.example.com";
const reader = "https://reader.example.com";
const stranger = "https://stranger.example.org";

const allowed = ({ headers }) => headers.get("access-control-allow-origin");
const credentials = ({ headers }) => headers.get("access-control-allow-credentials");

for (const { name, start } of everywhere("conformance/apps/auth", { apart: ["auth", "inbox"] })) {
  describe(name, () => {
    let app;
    before(async () => {
      app = await start();
    });
    after(() => app?.stop());

    const ask = (origin, headers = {}) => app.request("GET", "/hello", undefined, { origin, ...headers });
    const preflight = (origin, headers = {}, path = "/hello") =>
      app.request("OPTIONS", path, undefined, { origin, "access-control-request-method": "PUT", ...headers });

    test("an origin that may show credentials", async () => {
      for (const origin of [app1, preview, app1.toUpperCase()]) {
        const answer = await ask(origin, { authorization: "Bearer alice" });
        assert.equal(answer.status, 200);
        assert.equal(allowed(answer), origin);
        assert.equal(credentials(answer), "true");
      }
    });

    test("an origin that may not shows some, or shows none", async () => {
      const without = await ask(reader);
      assert.equal(allowed(without), reader);
      assert.equal(credentials(without), null);
      assert.equal(allowed(await ask(reader, { authorization: "Bearer alice" })), null);
      assert.equal(allowed(await ask(reader, { cookie: "a=b" })), null);
    });

    test("a stranger, and no origin at all", async () => {
      const answer = await ask(stranger);
      assert.equal(answer.status, 200);
      assert.equal(allowed(answer), null);
      assert.equal(answer.headers.get("vary"), "origin");
      const plain = await app.request("GET", "/hello");
      assert.equal(allowed(plain), null);
      assert.equal(plain.headers.get("vary"), "origin");
    });

    test("a preflight is answered with what the app and its endpoints declare", async () => {
      const answer = await preflight(preview, { "access-control-request-private-network": "true" });
      assert.equal(answer.status, 204);
      assert.equal(allowed(answer), preview);
      assert.equal(credentials(answer), "true");
      assert.equal(answer.headers.get("access-control-allow-methods"), "PUT");
      assert.equal(answer.headers.get("access-control-allow-private-network"), "true");
      const names = answer.headers.get("access-control-allow-headers").split(", ");
      for (const wanted of ["authorization", "content-type", "x-extra", "x-request-id"]) {
        assert.ok(names.includes(wanted), `${wanted} in ${names}`);
      }
      assert.match(answer.headers.get("vary"), /origin.*access-control-request-method/);
    });

    test("a stranger's preflight allows nothing", async () => {
      const answer = await preflight(stranger);
      assert.equal(answer.status, 204);
      assert.equal(allowed(answer), null);
      assert.equal(answer.headers.get("access-control-allow-methods"), null);
    });

    test("errors can be read as well: of endpoints, of the gateway, of paths that do not exist", async () => {
      for (const path of ["/me", "/nothing/here"]) {
        const answer = await app.request("GET", path, undefined, { origin: app1 });
        assert.ok(answer.status >= 400);
        assert.equal(allowed(answer), app1);
        assert.match(answer.headers.get("access-control-expose-headers"), /x-request-id.*x-shown/);
      }
    });

    test("OPTIONS that is no preflight is an ordinary request", async () => {
      const answer = await app.request("OPTIONS", "/hello", undefined, { origin: app1 });
      assert.equal(answer.status, 204);
      assert.equal(answer.headers.get("allow"), "GET, HEAD, OPTIONS");
      assert.equal(answer.headers.get("access-control-allow-methods"), null);
    });
  });
}

describe("without settings", () => {
  let copy;
  let app;
  before(async () => {
    copy = await copyApp("conformance/apps/auth");
    await rm(join(copy.dir, "encore.app"));
    await mkdir(join(copy.dir, "options"));
    await writeFile(
      join(copy.dir, "options/options.ts"),
      `import { api, type Header } from "encore.dev/api";
export const options = api({ method: "OPTIONS", path: "/own", expose: true }, async () => ({ own: true }));
export const upload = api(
  { method: "PUT", path: "/own", expose: true },
  async ({ size }: { size: Header<number, "X-Size"> }): Promise<{ size: Header<number, "X-Stored"> }> => ({ size }),
);
`,
    );
    app = await startDev(copy.dir);
  });
  after(async () => {
    await app?.stop();
    await app?.cleanUp();
    await copy?.remove();
  });

  test("everybody may ask without credentials; pages of this machine may show them", async () => {
    const open = await app.request("GET", "/hello", undefined, { origin: stranger });
    assert.deepEqual([allowed(open), credentials(open)], [stranger, null]);
    const shown = { origin: stranger, cookie: "session=1" };
    assert.equal(allowed(await app.request("GET", "/hello", undefined, shown)), null);
    for (const origin of ["http://localhost:5173", "http://localhost", "https://127.0.0.1:3000", "http://[::1]:8080"]) {
      const local = await app.request("GET", "/hello", undefined, { origin, cookie: "session=1" });
      assert.deepEqual([allowed(local), credentials(local)], [origin, "true"]);
    }
    const lookalike = { origin: "http://localhost.example.org", cookie: "session=1" };
    assert.equal(allowed(await app.request("GET", "/hello", undefined, lookalike)), null);
  });

  test("OPTIONS endpoints of the app are reached; preflights for them are answered by the gateway", async () => {
    const own = await app.request("OPTIONS", "/own", undefined, { origin: stranger });
    assert.deepEqual([own.status, own.body], [200, { own: true }]);
    const headers = { origin: stranger, "access-control-request-method": "PUT" };
    const preflight = await app.request("OPTIONS", "/own", undefined, headers);
    assert.deepEqual([preflight.status, preflight.body], [204, undefined]);
    assert.match(preflight.headers.get("access-control-allow-headers"), /x-size/);
  });

  test("headers of responses can be read", async () => {
    const answer = await app.request("PUT", "/own", undefined, { origin: stranger, "x-size": "3" });
    assert.equal(answer.headers.get("x-stored"), "3");
    assert.match(answer.headers.get("access-control-expose-headers"), /x-stored/);
  });
});
