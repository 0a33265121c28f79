// The seed program: written in the Encore.ts style, with no `encore.dev` installed. It runs, type-checks with plain `tsc` of both
// compilers, and a changed type of `users.get` is an error at its caller.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";
import { eventually } from "./harness/eventually.mjs";
import { root, runTenon, runTypeScript } from "./harness/tenon.mjs";

const compilers = ["native", "classic"];

describe("seed program", () => {
  let copy;
  let app;

  before(async () => {
    copy = await copyApp("conformance/apps/seed");
  });

  after(async () => {
    await app?.cleanUp();
    await copy?.remove();
  });

  test("needs no encore.dev package", async () => {
    assert.equal(existsSync(join(root, "node_modules/encore.dev")), false);
    const lock = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8"));
    assert.equal("node_modules/encore.dev" in lock.packages, false);
  });

  test("passes tenon check, which writes what tsc and editors need", async () => {
    const check = await runTenon(["check", copy.dir]);
    assert.equal(check.code, 0, check.stdout + check.stderr);
    for (const compiler of compilers) {
      const tsc = await runTypeScript(compiler, copy.dir);
      assert.equal(tsc.code, 0, `${compiler}: ${tsc.stdout}${tsc.stderr}`);
    }
  });

  test("has a fully typed client: a wrong use is an error for tsc", async () => {
    const file = join(copy.dir, "greetings/greet.ts");
    const source = await readFile(file, "utf8");
    try {
      await writeFile(file, source.replace('users.get({ id: "123" })', "users.get({ id: 123 })"));
      for (const compiler of compilers) {
        const tsc = await runTypeScript(compiler, copy.dir);
        assert.notEqual(tsc.code, 0, compiler);
        assert.match(tsc.stdout, /greetings\/greet\.ts.*'number' is not assignable to type 'string'/, compiler);
      }
    } finally {
      await writeFile(file, source);
    }
  });

  test("runs: reads its database, and calls across services", async () => {
    app = await startDev(copy.dir, { topology: "per-service" });
    const user = await app.request("GET", "/users/123");
    assert.equal(user.status, 200, user.text);
    assert.deepEqual(user.body, { id: "123", name: "Ada Lovelace", email: "ada@example.com" });
    const greeting = await app.request("GET", "/greet");
    assert.equal(greeting.status, 200, greeting.text);
    assert.deepEqual(greeting.body, { text: "Hello Ada Lovelace, we write to ada@example.com" });
    const unknown = await app.request("GET", "/users/456");
    assert.equal(unknown.status, 404);
    assert.deepEqual(unknown.body, { code: "not_found", message: "user not found", details: null });
  });

  test("under tenon dev, saving another type of users.get changes the caller's declarations", async () => {
    const declarations = join(copy.dir, "encore.gen/clients/index.d.ts");
    const before = await readFile(declarations, "utf8");
    await changeUsersGet(copy.dir);
    await eventually("new declarations of the clients", async () => (await readFile(declarations, "utf8")) !== before);
  });

  test("stops with nothing left to do", async () => {
    const ended = await app.stop("SIGTERM");
    assert.equal(ended.code, 0, app.output);
    await app.waitUntilGone();
  });

  test("with another type of users.get the caller fails in tenon check and in tsc", async () => {
    const check = await runTenon(["check", copy.dir, "--json"]);
    assert.equal(check.code, 1, check.stdout + check.stderr);
    const diagnostics = check.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const atCaller = diagnostics.filter((diagnostic) => diagnostic.file === "greetings/greet.ts");
    assert.ok(
      atCaller.some((diagnostic) => diagnostic.severity === "error" && diagnostic.code === "TS2551"),
      check.stdout,
    );
    for (const compiler of compilers) {
      const tsc = await runTypeScript(compiler, copy.dir);
      assert.notEqual(tsc.code, 0, compiler);
      assert.match(tsc.stdout, /greetings\/greet\.ts\(\d+,\d+\): error TS2551/, compiler);
    }
  });
});

/** Renames `email` to `emails` and makes a list of it. */
async function changeUsersGet(appDir) {
  const file = join(appDir, "users/users.ts");
  const source = await readFile(file, "utf8");
  const changed = source.replace("email: string;", "emails: string[];");
  assert.notEqual(changed, source);
  await writeFile(file, changed);
}
