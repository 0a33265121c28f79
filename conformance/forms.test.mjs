// The forms in which real programs declare, import and call things: each is found, typed and served the same in every topology and in a
// production build. Where Encore.ts has the form, the program is written in its names.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";
import { startBuild } from "./harness/start.mjs";
import { runTenon, runTypeScript } from "./harness/tenon.mjs";

const words = "plain words\n";

const row = { id: 1, created_at: "1970-01-01T00:00:00.000Z", note: null };

/** What each request is answered with. */
const answers = [
  ["exported below", "GET /shapes/late", { form: "late" }],
  ["exported under another name", "GET /shapes/renamed", { form: "renamed" }],
  ["default export", "GET /shapes/whoami/ann", { form: "default", who: "ann" }],
  ["default export of a variable", "GET /shapes/named-default", { form: "named default" }],
  ["member of an object", "GET /shapes/items/7", { id: 7 }],
  ["constant in an object", "DELETE /shapes/items/7", { removed: 7 }],
  ["deep in a frozen object", "GET /shapes/deep", { form: "nested" }],
  ["static member of a class", "GET /shapes/class", { form: "hello from a class" }],
  ["wrapped", "POST /shapes/wrapped", { calls: 1, result: { text: "A" } }, { text: "a" }],
  ["bound through constants", "GET /shapes/constant", { form: "constant" }],
  ["made by an imported function", "GET /shapes/made/colors", { items: ["red", "green"] }],
  ["made by a generic function", "GET /shapes/made/sizes", { items: [{ name: "small", cm: 10 }] }],
  ["made with a default option", "POST /shapes/sum", { sum: 3 }, { a: 1, b: 2 }],
  ["made by a function beside it", "GET /shapes/half/5", { half: 2.5 }],
  ["handler by name", "GET /shapes/by-name/Ann", { greeting: "hello Ann" }],
  ["no written result", "GET /shapes/inferred", { at: "1970-01-01T00:00:00.000Z", n: 1 }],
  ["clients passed around", "GET /caller/passed", { said: ["hello ref", "hello value"] }],
  ["a client taken apart", "GET /caller/destructured", { said: ["hello part"] }],
  ["a method chosen at run time", "GET /caller/chosen/bye", { said: ["bye chosen"] }],
  ["any client at all", "GET /caller/any", { said: ["hello any", "bye later"] }],
  ["a response that is not of its type", "GET /greet/rows", { rows: [row] }],
  ["the same in a typed call", "GET /caller/rows", { said: [JSON.stringify(row)] }],
  [
    "imports of many kinds",
    "GET /files/imported",
    {
      page: "<h1>{{title}}</h1>\n",
      books: "query Books {\n  books\n}\n",
      version: 7,
      twice: 42,
      card: '<b id="card">Ann</b>',
    },
  ],
  [
    "files beside the source",
    "GET /files/read",
    { words, byDirname: words, byMetaDirname: words, byMetaUrl: words, isFile: true, required: "b" },
  ],
];

describe("forms", () => {
  let copy;

  before(async () => {
    copy = await copyApp("conformance/apps/forms");
  });

  after(() => copy?.remove());

  test("pass tenon check and plain tsc", async () => {
    const check = await runTenon(["check", copy.dir]);
    assert.equal(check.code, 0, check.stdout + check.stderr);
    for (const compiler of ["native", "classic"]) {
      const tsc = await runTypeScript(compiler, copy.dir);
      assert.equal(tsc.code, 0, `${compiler}: ${tsc.stdout}${tsc.stderr}`);
    }
  });

  test("call edges are known, or open where nobody can know", async () => {
    const graph = JSON.parse(await readFile(join(copy.dir, ".tenon/app.json"), "utf8"));
    const calls = graph.services.find(({ name }) => name === "caller").calls;
    const called = calls.map(({ service, endpoint }) => `${service}.${endpoint}`);
    for (const name of ["greet-people.hello", "greet-people.bye", "shapes.late"])
      assert.ok(called.includes(name), name);
  });

  for (const topology of ["single", "per-service"]) {
    describe(topology, () => {
      let app;

      before(async () => {
        app = await startDev(copy.dir, { topology, args: ["--no-watch"] });
      });

      after(() => app?.cleanUp());

      for (const [form, request, expected, body] of answers) {
        test(form, async () => {
          const [method, path] = request.split(" ");
          const answer = await app.request(method, path, body);
          assert.equal(answer.status, 200, answer.text);
          assert.deepEqual(answer.body, expected);
        });
      }
    });
  }

  test("a production build, started in the app's folder", async () => {
    const built = await runTenon(["build", copy.dir]);
    assert.equal(built.code, 0, built.stdout + built.stderr);
    const app = await startBuild(join(copy.dir, ".tenon/build"), { cwd: copy.dir });
    try {
      for (const [form, request, expected, body] of answers) {
        const [method, path] = request.split(" ");
        const response = await fetch(`${app.gateway}${path}`, {
          method,
          ...(body === undefined
            ? {}
            : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
        });
        assert.equal(response.status, 200, `${form}: ${app.output()}`);
        assert.deepEqual(await response.json(), expected, form);
      }
    } finally {
      await app.stop();
    }
  });
});
