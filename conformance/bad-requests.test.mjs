// The table of bad requests: what each gets. The gateway of a running app answers; nothing is stubbed.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";

const json = { "content-type": "application/json" };
const post = (path, body, headers = json) => ({
  path,
  method: "POST",
  body: typeof body === "object" && !(body instanceof Uint8Array) ? JSON.stringify(body) : body,
  headers,
});
const order = (fields) => post("/orders", { customer: "c", lines: [], ...fields });

/** name, request, status, code, and for wrong values the path of every issue (or a pattern for the message). */
const table = [
  ["malformed JSON", post("/orders", '{"customer": c}'), 400, "invalid_argument", /line 1, column 14/],
  ["JSON that breaks off", post("/orders", '{\n  "customer": "c",\n'), 400, "invalid_argument", /line 3/],
  ["JSON with a tail", post("/orders", '{"customer":"c","lines":[]} x'), 400, "invalid_argument", /not valid JSON/],
  ["invalid UTF-8", post("/orders", Buffer.from('{"customer":"\xff"}', "latin1")), 400, "invalid_argument", /UTF-8/],
  ["empty body", post("/orders", ""), 400, "invalid_argument", ["customer", "lines"]],
  ["body null", post("/orders", "null"), 400, "invalid_argument"],
  ["body is an array", post("/orders", "[]"), 400, "invalid_argument"],
  ["body is a string", post("/orders", '"x"'), 400, "invalid_argument"],
  ["fields missing", post("/orders", {}), 400, "invalid_argument", ["customer", "lines"]],
  [
    "wrong types, all told",
    post("/orders", { customer: 1, lines: [{ sku: 2, quantity: "3" }, null] }),
    400,
    "invalid_argument",
    ["customer", "lines[0].sku", "lines[0].quantity", "lines[1]"],
  ],
  ["null for an optional field", order({ at: null }), 400, "invalid_argument", ["at"]],
  [
    "number beyond range",
    post("/orders", '{"customer":"c","lines":[{"sku":"s","quantity":1e999}]}'),
    400,
    "invalid_argument",
    ["lines[0].quantity"],
  ],
  ["no such date", order({ at: "2026-02-30T00:00:00Z" }), 400, "invalid_argument", ["at"]],
  ["date as a number", order({ at: 1 }), 400, "invalid_argument", ["at"]],
  ["bigint with a fraction", order({ total: "1.5" }), 400, "invalid_argument", ["total"]],
  ["broken base64", order({ blob: "a$b" }), 400, "invalid_argument", ["blob"]],
  ["relative URL", order({ link: "/path" }), 400, "invalid_argument", ["link"]],
  ["unknown enum value", order({ size: "huge" }), 400, "invalid_argument", ["size"]],
  ["unknown kind of a union", order({ payment: { type: "shells" } }), 400, "invalid_argument", ["payment.type"]],
  [
    "wrong field of the chosen kind",
    order({ payment: { type: "cash", amount: "1" } }),
    400,
    "invalid_argument",
    ["payment.amount"],
  ],
  ["tuple too short", order({ pair: ["a"] }), 400, "invalid_argument"],
  ["tuple too long", order({ pair: ["a", 1, 2] }), 400, "invalid_argument"],
  ["record with a wrong value", order({ labels: { "a-b": 1 } }), 400, "invalid_argument", ['labels["a-b"]']],
  [
    "very deep JSON",
    post("/orders", `{"customer":"c","lines":[],"rest":${"[".repeat(50_000)}${"]".repeat(50_000)}}`),
    400,
    "invalid_argument",
  ],
  ["text/plain", post("/orders", "{}", { "content-type": "text/plain" }), 415, "invalid_argument", /application\/json/],
  ["form", post("/orders", "a=b", { "content-type": "application/x-www-form-urlencoded" }), 415, "invalid_argument"],
  [
    "compressed body",
    post("/orders", gzipSync("{}"), { ...json, "content-encoding": "gzip" }),
    415,
    "invalid_argument",
  ],
  ["body over the endpoint's limit", post("/small", { text: "x".repeat(100) }), 413, "invalid_argument", /64/],
  [
    "body over the default limit",
    post("/orders", { customer: "x".repeat(3 * 1024 * 1024), lines: [] }),
    413,
    "invalid_argument",
  ],
  ["unknown path", { path: "/nowhere" }, 404, "not_found"],
  ["trailing slash", { path: "/orders/", method: "POST", body: "{}", headers: json }, 404, "not_found"],
  ["private endpoint", post("/vault/open", {}), 404, "not_found"],
  ["internal call path", post("/__tenon/call/vault/open", {}), 404, "not_found"],
  [
    "method not allowed",
    { path: "/orders", method: "PUT", body: "{}", headers: json },
    405,
    "unimplemented",
    undefined,
    { allow: /POST/ },
  ],
  ["path parameter no number", { path: "/items/abc" }, 400, "invalid_argument", ["id"]],
  ["path parameter hexadecimal", { path: "/items/0x10" }, 400, "invalid_argument", ["id"]],
  ["path parameter infinite", { path: "/items/1e999" }, 400, "invalid_argument", ["id"]],
  ["path parameter no member of the enum", { path: "/sizes/medium" }, 400, "invalid_argument", ["size"]],
  ["path parameter no date", { path: "/days/yesterday" }, 400, "invalid_argument", ["at"]],
  ["path parameter no boolean", { path: "/flags/yes" }, 400, "invalid_argument", ["on"]],
  ["path parameter no bigint", { path: "/big/1.0" }, 400, "invalid_argument", ["n"]],
  ["path with broken encoding", { path: "/names/%E4%" }, 400, "invalid_argument", /percent/],
  ["query no number", { path: "/search?limit=ten", headers: { "x-key": "k" } }, 400, "invalid_argument", ["limit"]],
  ["query number empty", { path: "/search?limit=", headers: { "x-key": "k" } }, 400, "invalid_argument", ["limit"]],
  ["query no boolean", { path: "/search?exact=1", headers: { "x-key": "k" } }, 400, "invalid_argument", ["exact"]],
  [
    "query outside the union",
    { path: "/search?sort=sideways", headers: { "x-key": "k" } },
    400,
    "invalid_argument",
    ["sort"],
  ],
  [
    "several wrong in query and headers",
    { path: "/search?limit=x&exact=y", headers: { "x-depth": "z" } },
    400,
    "invalid_argument",
    ["limit", "exact", "key", "depth"],
  ],
  ["unknown error of a handler", { path: "/crash" }, 500, "internal", /^(?!.*hunter2)/],
  ["error of a handler", { path: "/denied" }, 403, "permission_denied", /^not yours$/],
  ["authenticated endpoint, nobody known", { path: "/guarded" }, 401, "unauthenticated", /intake\.guarded/],
  ["error of a called service", { path: "/relayed" }, 401, "unauthenticated", /^say the word$/],
];

for (const topology of ["single", "per-service"]) {
  describe(`bad requests, ${topology}`, () => {
    let copy;
    let app;
    before(async () => {
      copy = await copyApp("conformance/apps/bad-input");
      app = await startDev(copy.dir, { topology });
    });
    after(async () => {
      await app?.stop();
      await copy?.remove();
    });

    for (const [name, { path, ...init }, status, code, expected, headers = {}] of table) {
      test(name, async () => {
        const response = await fetch(app.gateway + path, init);
        const text = await response.text();
        assert.equal(response.status, status, text);
        const body = JSON.parse(text);
        assert.deepEqual(Object.keys(body), ["code", "message", "details"]);
        assert.equal(body.code, code);
        assert.match(response.headers.get("x-request-id"), /\S/);
        assert.match(response.headers.get("traceresponse"), /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
        if (expected instanceof RegExp) assert.match(body.message, expected);
        if (Array.isArray(expected))
          assert.deepEqual(body.details.issues.map((issue) => issue.path).toSorted(), expected.toSorted());
        for (const [header, pattern] of Object.entries(headers)) assert.match(response.headers.get(header), pattern);
        assert.doesNotMatch(text, /hunter2|node_modules|\.ts:\d/);
      });
    }

    test("details of an error cross the services", async () => {
      const body = await (await fetch(`${app.gateway}/relayed`)).json();
      assert.deepEqual(body.details, { attempts: 3 });
    });

    test("a __proto__ key is data, not a prototype", async () => {
      const response = await fetch(
        `${app.gateway}/orders`,
        post("/orders", '{"customer":"c","lines":[],"labels":{"__proto__":"x","constructor":"y"}}'),
      );
      assert.equal(response.status, 200);
      assert.match(await response.text(), /"__proto__":"x"/);
      assert.equal({}.polluted, undefined);
    });

    test("HEAD and OPTIONS behave, an empty response is empty", async () => {
      const head = await fetch(`${app.gateway}/items/5`, { method: "HEAD" });
      assert.deepEqual([head.status, await head.text()], [200, ""]);
      const options = await fetch(`${app.gateway}/items/5`, { method: "OPTIONS" });
      assert.equal(options.status, 204);
      assert.match(options.headers.get("allow"), /GET.*HEAD|HEAD.*GET/);
      const nothing = await fetch(`${app.gateway}/nothing`, { method: "DELETE" });
      assert.deepEqual([nothing.status, await nothing.text()], [200, ""]);
    });

    const raw = [
      ["not HTTP at all", "hello\r\n\r\n", /^HTTP\/1\.1 400 /],
      [
        "two content lengths",
        "POST /orders HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}",
        /^HTTP\/1\.1 400 /,
      ],
      [
        "length and chunks",
        "POST /orders HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        /^HTTP\/1\.1 400 /,
      ],
      ["no host", "GET /items/1 HTTP/1.1\r\n\r\n", /^HTTP\/1\.1 400 /],
      [
        "headers without end",
        `GET /items/1 HTTP/1.1\r\nhost: x\r\nx-long: ${"x".repeat(70_000)}\r\n\r\n`,
        /^HTTP\/1\.1 431 /,
      ],
      [
        "chunked body over the limit",
        `POST /small HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n1000\r\n${" ".repeat(4096)}\r\n0\r\n\r\n`,
        /^HTTP\/1\.1 413 /,
      ],
    ];
    for (const [name, bytes, expected] of raw) {
      test(`on the wire: ${name}`, async () => {
        assert.match(await exchange(app.gateway, bytes), expected);
      });
    }

    test("after all of this it still works", async () => {
      const response = await fetch(`${app.gateway}/search?limit=5&tag=a&tag=b&sort=up`, {
        headers: { "x-key": "k", "x-depth": "2" },
      });
      assert.deepEqual(await response.json(), { limit: 5, tag: ["a", "b"], key: "k", depth: 2, sort: "up" });
    });
  });
}

/** Sends bytes and collects what comes back until the peer closes or falls silent. */
function exchange(gateway, bytes) {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(gateway);
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let text = "";
    socket.setTimeout(3000, () => socket.destroy());
    socket.on("data", (chunk) => {
      text += chunk;
      if (text.includes("\r\n\r\n")) socket.end();
    });
    socket.on("close", () => resolve(text));
    socket.on("error", (error) => (text === "" ? reject(error) : resolve(text)));
  });
}
