// A real app behind both lanes: requests that run through one another keep their values apart, only declared fields come and go, nothing
// of a handler's doings is seen by anybody else, and both lanes give the same answers.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { copyApp } from "../harness/app-copy.mjs";
import { startDev } from "../harness/dev.mjs";
import { get, post, request } from "./cases/write.mjs";
import { Random } from "./fuzz/random.mjs";
import { WireClient } from "./wire.mjs";

const ROUNDS = 30;
const CONNECTIONS = 8;
const PIPELINED = 4;
const json = "content-type: application/json";

/** A request with values of its own, and what must come back of it. */
function makeRequest(random, id) {
  const own = (what) => `${what}-${id}-${random.next().toString(36)}`;
  const maybe = (make) => (random.oneIn(2) ? make() : undefined);
  const body = {
    title: own("title"),
    lines: Array.from({ length: random.below(4) }, () => ({
      sku: own("sku"),
      quantity: random.below(100),
      note: maybe(() => own("note")),
    })),
    labels: maybe(() => ({ [own("key")]: own("value"), __proto__: undefined, constructor: own("constructor") })),
    payment: random.oneIn(2) ? { kind: "card", digits: own("digits") } : { kind: "cash", given: random.below(1000) },
    at: maybe(() => new Date(random.next() * 1000).toISOString()),
    size: maybe(() => random.pick(["s", "m", "l"])),
  };
  const limit = maybe(() => random.below(1000));
  const tag = maybe(() => Array.from({ length: 1 + random.below(3) }, () => own("tag")));
  const token = maybe(() => own("token"));
  const query = [
    ...(limit === undefined ? [] : [`limit=${limit}`]),
    ...(tag ?? []).map((value) => `tag=${value}`),
  ].join("&");
  const sent = JSON.stringify({ ...body, id: "not from the body", admin: true, limit: "not from the body" });
  const lines = token === undefined ? [json] : [json, `x-token: ${token}`];
  return {
    bytes: post(`/mirror/${id}${query === "" ? "" : `?${query}`}`, sent, ...lines),
    expected: JSON.parse(JSON.stringify({ ...body, id, limit, tag, token })),
  };
}

/** One that is wrong in its own way. */
function makeWrong(random, id) {
  const field = `wrong-${id}-${random.next().toString(36)}`;
  const bytes = post(`/mirror/${id}`, JSON.stringify({ title: "x", lines: [], payment: { kind: field } }), json);
  return { bytes, field };
}

const targets = [
  "/raw",
  "/%72aw",
  "/raw/",
  "//raw",
  "/raw?x=%",
  "http://h/raw",
  "/RAW",
  "/raw%2f",
  "/mirror/a%2Fb",
  "/mirror/%zz",
  "/mirror/%E4",
];
const otherTargets = [
  "/many?to=x",
  "/many?to=2",
  "/many",
  "/",
  "/__tenon/health",
  "/refuse/a",
  "/mirror/",
  "/./raw",
  "/mirror/a/../b",
];
const methods = ["GET", "POST", "HEAD", "OPTIONS", "DELETE", "PUT", "PROPFIND"];
/** Lane -> everything that was answered, for all of these. */
const told = {};

for (const lane of ["on", "off"]) {
  describe(`an app, fast lane ${lane}`, () => {
    let copy;
    let app;
    let port;
    before(async () => {
      copy = await copyApp("conformance/apps/isolation");
      app = await startDev(copy.dir, { env: { TENON_FAST_LANE: lane } });
      port = Number(new URL(app.gateway).port);
    });
    after(async () => {
      await app?.stop();
      await copy?.remove();
    });

    test("requests that run through one another keep their values to themselves", async () => {
      const random = new Random(lane === "on" ? 1 : 2);
      const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => WireClient.open(port)));
      for (let round = 0; round < ROUNDS; round++) {
        const sent = clients.map((_, client) =>
          Array.from({ length: PIPELINED }, (_, n) => {
            const id = `r${round}c${client}n${n}`;
            return random.oneIn(6) ? makeWrong(random, id) : makeRequest(random, id);
          }),
        );
        const bytes = sent.map((requests) => requests.map((request) => request.bytes).join(""));
        const cuts = bytes.map((text) => random.below(text.length));
        for (const [n, client] of clients.entries()) await client.send(bytes[n].slice(0, cuts[n]));
        for (const [n, client] of clients.entries()) await client.send(bytes[n].slice(cuts[n]));
        await Promise.all(clients.map((client, n) => readAll(client, sent[n])));
      }
      for (const client of clients) client.destroy();
    });

    test("typed, raw, streamed and failing endpoints take turns on one connection", async () => {
      const client = await WireClient.open(port);
      const { bytes, expected } = makeRequest(new Random(3), "turns");
      const all = [
        bytes,
        get("/many?to=3"),
        post("/raw", "abc", "x-token: t1"),
        get("/refuse/me"),
        bytes,
        get("/nowhere"),
        post("/raw", "", "x-token: t2"),
      ];
      await client.send(all.join(""));
      assert.deepEqual(JSON.parse((await client.readAnswer()).body), expected);
      const many = await client.readAnswer();
      assert.doesNotMatch(many.body, /stray/);
      assert.match(many.body, /"n":3/);
      assert.equal((await client.readAnswer()).body, "3 bytes for t1");
      const refused = await client.readAnswer();
      assert.equal(refused.status, 500);
      assert.deepEqual(JSON.parse((await client.readAnswer()).body), expected);
      assert.equal((await client.readAnswer()).status, 404);
      assert.equal((await client.readAnswer()).body, "0 bytes for t2");
      client.destroy();
    });

    test("odd targets with every method", async () => {
      told[lane] = [];
      for (const target of [...targets, ...otherTargets]) {
        for (const method of methods) {
          const client = await WireClient.open(port);
          await client.send(request(method, target, ["origin: http://page.example", "connection: close"]));
          const answer = await client.readAnswer(method);
          told[lane].push([method, target, normalize(answer)]);
          client.destroy();
        }
      }
    });

    test("answers hold nothing but what belongs to them, whatever memory they are made in", async () => {
      const client = await WireClient.open(port);
      // Fills what buffers are cut from with something that would be known again.
      const marked = "MARKED".repeat(2000);
      for (let round = 0; round < 20; round++) {
        await client.send(
          post("/mirror/fill", JSON.stringify({ title: marked, lines: [], payment: { kind: "cash", given: 1 } }), json),
        );
        assert.equal(JSON.parse((await client.readAnswer()).body).title, marked);
        await client.send(get(`/nowhere/${round}`) + get("/many?to=2") + post("/raw", "", "x-token: t"));
        for (let n = 0; n < 3; n++) {
          const answer = await client.readAnswer();
          assert.doesNotMatch(answer.body + JSON.stringify(answer.headers), /MARK|\0/);
        }
      }
      client.destroy();
    });
  });
}

test("both lanes have answered the same to all odd targets", () => {
  assert.ok(told.on.length > 100);
  assert.deepEqual(told.on, told.off);
});

/** What differs from one request to the next, and how the end of a body is told. */
const ownToRequest = new Set(["date", "x-request-id", "traceresponse"]);
const framing = new Set(["content-length", "transfer-encoding"]);

function normalize({ status, headers, body }) {
  const others = headers.filter(([name]) => !framing.has(name));
  const kept = others.map(([name, value]) => (ownToRequest.has(name) ? name : `${name}: ${value}`));
  return { status, headers: kept.sort(), body };
}

async function readAll(client, sent) {
  for (const { expected, field } of sent) {
    const answer = await client.readAnswer();
    const body = JSON.parse(answer.body);
    if (expected !== undefined) {
      assert.equal(answer.status, 200, answer.body);
      assert.deepEqual(body, expected);
    } else {
      assert.equal(answer.status, 400, answer.body);
      assert.deepEqual(
        body.details.issues.map(({ path }) => path),
        ["payment.kind"],
        field,
      );
    }
  }
}

describe("memory", () => {
  test("nothing is made of memory that has not been cleared", () => {
    const root = join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "../../packages/runtime/src");
    const sources = readdirSync(root, { recursive: true }).filter(
      (name) => name.endsWith(".ts") && !name.includes(".test."),
    );
    assert.ok(sources.length > 100);
    const careless = sources.filter((name) =>
      /allocUnsafe|new Buffer\(|SlowBuffer/.test(readFileSync(join(root, name), "utf8")),
    );
    assert.deepEqual(careless, []);
  });
});
