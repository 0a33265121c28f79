// Gateways, auth handlers, middleware and CORS in the graph, in the forms in which apps write them.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { createAnalyzer } from "../analyze.ts";
import { layOut, parseFixture } from "../fixture-app.test.support.ts";

async function analysed(t: TestContext, text: string) {
  const app = layOut(parseFixture("app", text));
  const analyzer = await createAnalyzer({ appDir: app.dir, configFile: app.configFile, typescript: "native" });
  t.after(async () => {
    await analyzer.close();
    app.remove();
  });
  const discovery = await analyzer.discover();
  const { graph, diagnostics } = await analyzer.analyze();
  assert.deepEqual(diagnostics, []);
  assert.ok(graph);
  return { graph, discovery };
}

test("a folder with nothing but an auth handler and a gateway is a service that runs it", async (t) => {
  const { graph, discovery } = await analysed(
    t,
    `-- auth/auth.ts --
import { Gateway, type Header } from "encore.dev/api";
import { authHandler } from "encore.dev/auth";
interface Params { authorization: Header<"Authorization">; trace?: Header<"X-Trace"> }
interface Data { userID: string }
export const auth = authHandler<Params, Data>(async () => null);
export const gateway = new Gateway({ authHandler: auth });
-- users/users.ts --
import { api } from "encore.dev/api";
export const me = api({ expose: true, auth: true }, async () => {});
`,
  );
  assert.deepEqual(
    graph.services.map(({ name }) => name),
    ["auth", "users"],
  );
  assert.deepEqual(graph.gateways, [
    { name: "api-gateway", authHandlers: ["auth"], location: { file: "auth/auth.ts", line: 6, column: 14 } },
  ]);
  const [handler] = graph.authHandlers ?? [];
  assert.equal(handler?.service, "auth");
  assert.deepEqual(handler?.fields, [
    { name: "authorization", in: "header", wireName: "authorization" },
    { name: "trace", in: "header", wireName: "x-trace" },
  ]);
  assert.deepEqual(discovery.auth, [{ kind: "handler", file: "auth/auth.ts", exportName: "auth" }]);
});

test("handlers are found through imports, default exports, lists, and where nothing is exported", async (t) => {
  const { graph, discovery } = await analysed(
    t,
    `-- users/tenon.service.ts --
import { Service } from "tenon/service";
export default new Service("users");
-- users/session.ts --
import { authHandler } from "tenon/auth";
import type { Query } from "tenon/api";
export default authHandler(async ({ token }: { token: Query }) => ({ userID: token }));
-- users/key.ts --
import { authHandler } from "tenon/auth";
import type { Header } from "tenon/api";
const byKey = authHandler(async ({ key }: { key: Header<"X-Key"> }) => (key === "" ? null : { robot: true }));
export { byKey as keys };
-- users/gateway.ts --
import { Gateway } from "tenon/api";
import session from "./session";
import * as all from "./key";
export const gateway = new Gateway({ authHandlers: [session, all.keys] });
-- admin/gateway.ts --
import { Gateway, type Header } from "tenon/api";
import { authHandler } from "tenon/auth";
const auth = authHandler(async ({ admin }: { admin: Header }) => ({ userID: admin }));
export default new Gateway({ name: "admin", hosts: ["admin.example"], tags: ["admin"], authHandler: auth });
export const inline = new Gateway({ name: "inline", hosts: ["*.inline.example"], onRequest: [], authHandler: authHandler(async (params: { a: Header }) => ({ userID: params.a })) });
`,
  );
  const names = Object.fromEntries((graph.gateways ?? []).map(({ name, authHandlers }) => [name, authHandlers]));
  // A handler without a name of its own is called "auth"; three of them need their service in front.
  assert.deepEqual(names, {
    admin: ["admin.auth"],
    inline: ["admin.auth_2"],
    "api-gateway": ["users.auth", "byKey"],
  });
  const [admin, , inline] = graph.gateways ?? [];
  assert.deepEqual([admin?.hosts, admin?.tags, admin?.service], [["admin.example"], ["admin"], undefined]);
  assert.deepEqual([inline?.hosts, inline?.service], [["*.inline.example"], "admin"]);
  assert.deepEqual(discovery.auth, [
    { kind: "gateway", file: "admin/gateway.ts", exportName: "default" },
    { kind: "gateway", file: "admin/gateway.ts", exportName: "inline" },
    { kind: "handler", file: "users/key.ts", exportName: "keys" },
    { kind: "handler", file: "users/session.ts", exportName: "default" },
  ]);
});

test("middleware is listed in its order, with where it is declared", async (t) => {
  const { graph, discovery } = await analysed(
    t,
    `-- tenon.app.ts --
import { App } from "tenon";
import { timing } from "./shared/timing";
export default new App({ middlewares: [timing] });
-- shared/timing.ts --
import { middleware } from "tenon/api";
export const timing = middleware({ target: { expose: true } }, async (request, next) => next(request));
-- users/tenon.service.ts --
import { Service } from "tenon/service";
import { middleware } from "tenon/api";
const first = middleware(async (request, next) => next(request));
export default new Service("users", { middlewares: [first, middleware(async (request, next) => next(request))] });
-- users/users.ts --
import { api } from "tenon/api";
export const ping = api({}, async () => {});
`,
  );
  assert.deepEqual(graph.middleware, [{ name: "timing", location: { file: "shared/timing.ts", line: 2, column: 14 } }]);
  assert.deepEqual(graph.services[0]?.middleware, [
    { name: "first", location: { file: "users/tenon.service.ts", line: 3, column: 7 } },
    { name: "", location: { file: "users/tenon.service.ts", line: 4, column: 60 } },
  ]);
  assert.equal(discovery.services[0]?.app, "tenon.app.ts");
});

test("cors settings come in both spellings, and are absent when nobody sets any", async (t) => {
  const service = `-- users/users.ts --
import { api } from "tenon/api";
export const ping = api({}, async () => {});
`;
  const camel = `-- tenon.json --
{ "cors": { "debug": true, "allowOriginsWithCredentials": ["https://*.example.com", "http://localhost:*"] } }
${service}`;
  const snake = `-- encore.app --
{ "id": "", "global_cors": { "expose_headers": ["X-A"], "allow_headers": null, } }
${service}`;
  assert.deepEqual((await analysed(t, camel)).graph.app.cors, {
    debug: true,
    allowOriginsWithCredentials: ["https://*.example.com", "http://localhost:*"],
  });
  assert.deepEqual((await analysed(t, snake)).graph.app.cors, { exposeHeaders: ["X-A"] });
  assert.equal((await analysed(t, service)).graph.app.cors, undefined);
});
