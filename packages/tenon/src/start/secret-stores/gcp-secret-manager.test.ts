// Secret Manager as Google documents it; no service of Google was asked.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { type Answer, type Asked, documentedServer, storeOf } from "./documented-server.test.support.ts";

const payload = (text: string) => ({ payload: { data: Buffer.from(text).toString("base64"), dataCrc32c: "1" } });

/** Also Google's metadata server, which gives the token. */
async function google(context: TestContext, answer: (asked: Asked, before: readonly Asked[]) => Answer) {
  const server = await documentedServer(context, (asked, before) =>
    asked.path.startsWith("/computeMetadata/")
      ? { json: { access_token: "the token", expires_in: 3600, token_type: "Bearer" } }
      : answer(asked, before),
  );
  const settings = { type: "gcp_secret_manager", project_id: "shop-1", endpoint: server.url };
  const environment = { GCE_METADATA_HOST: server.host, HOME: "/nonexistent" };
  const reads = () => server.asked.filter(({ path }) => path.startsWith("/v1/"));
  return { store: storeOf(settings, environment), reads, asked: server.asked };
}

test("the latest version of a secret, and any other", async (context) => {
  const { store, reads, asked } = await google(context, ({ path }) => ({ json: payload(`value of ${path}`) }));
  assert.equal(await store.read("db"), "value of /v1/projects/shop-1/secrets/db/versions/latest:access");
  assert.equal(await store.read("db@3"), "value of /v1/projects/shop-1/secrets/db/versions/3:access");
  assert.deepEqual(
    reads().map(({ headers }) => headers.authorization),
    ["Bearer the token", "Bearer the token"],
  );
  assert.equal(asked.length, 3, "one token for both");
});

test("what Google says of a refusal is told", async (context) => {
  const error = {
    code: 403,
    message: "Permission 'secretmanager.versions.access' denied",
    status: "PERMISSION_DENIED",
  };
  const { store, reads } = await google(context, () => ({ status: 403, json: { error } }));
  await assert.rejects(store.read("db"), /answered 403: PERMISSION_DENIED, Permission 'secretmanager/);
  assert.equal(reads().length, 1, "a refusal is not asked for again");
});

test("it is asked again while it is away", async (context) => {
  const { store, reads } = await google(context, (_, before) =>
    before.filter(({ path }) => path.startsWith("/v1/")).length === 0
      ? { status: 503, json: { error: { status: "UNAVAILABLE" } } }
      : { json: payload("there") },
  );
  assert.equal(await store.read("db"), "there");
  assert.equal(reads().length, 2);
});

test("a name leads nowhere else", async (context) => {
  const { store, asked } = await google(context, () => ({ json: {} }));
  for (const name of ["../../other/secrets/db", "a/b", "", "db@", "db@1/../2"]) await assert.rejects(store.read(name));
  assert.equal(asked.length, 0);
});
