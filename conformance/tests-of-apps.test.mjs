// Tests of apps: in Encore.ts style with an unmodified Vitest configuration under `tenon test`, in Tenon's own with the plugin and plain
// `vitest`, and with Node's own runner. Real Vitest, real databases; what fails in a test must fail the command.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { eventually } from "./harness/eventually.mjs";
import { root, runNode, runTenon, runTypeScript, tenonCommand, typescriptCommands } from "./harness/tenon.mjs";

const vitest = join(root, "node_modules/vitest/vitest.mjs");

/** A run leaves no file with secrets, no lock and no server behind. */
function assertNothingRuns(appDir) {
  const left = readdirSync(join(appDir, ".tenon/test")).filter((name) => /^run-|\.lock/.test(name));
  assert.deepEqual(left, []);
  for (const folder of readdirSync(join(appDir, ".tenon/test")).filter((name) => name.startsWith("postgres-"))) {
    assert.ok(!existsSync(join(appDir, ".tenon/test", folder, "postmaster.pid")), `${folder} is still served`);
  }
}

describe("tests of an app for Encore.ts, unmodified", () => {
  let app;
  before(async () => {
    app = await copyApp("conformance/apps/encore-tests");
  });
  after(() => app.remove());

  test("pass under tenon test, whose exit code is the script's", async () => {
    const { code, stdout, stderr } = await runTenon(["test", app.dir]);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /Test Files +4 passed \(4\)/);
    assert.match(stdout, /Tests +8 passed \(8\)/);
    assertNothingRuns(app.dir);
  });

  test("get the arguments after --", async () => {
    const { code, stdout, stderr } = await runTenon(["test", app.dir, "--", "-t", "gives back the original"]);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /Tests +1 passed \| 7 skipped \(8\)/);
  });

  test("run in one process, in threads, and without isolation too", async () => {
    for (const args of [["--pool=threads"], ["--no-isolate", "--no-file-parallelism"]]) {
      const { code, stdout, stderr } = await runTenon(["test", app.dir, "--", ...args, "url/url", "users", "chat"]);
      assert.equal(code, 0, `${args}\n${stdout}${stderr}`);
      assert.match(stdout, /Tests +7 passed \(7\)/);
    }
  });

  test("run again after an edit, with clients that know of it", async () => {
    const service = join(app.dir, "chat/chat.ts");
    const testFile = join(app.dir, "chat/chat.test.ts");
    const [serviceText, testText] = await Promise.all([service, testFile].map((file) => readFile(file, "utf8")));
    const child = spawn(process.execPath, [tenonCommand, "test", app.dir, "--", "--watch", "chat"], {
      env: { ...process.env, CI: "", NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        output += chunk;
      });
    }
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const sees = (pattern) =>
      eventually(`${pattern}`, () => pattern.test(output), { deadlineMs: 120_000 }).catch((error) => {
        throw new Error(`${error.message}\n${output}`);
      });
    try {
      await sees(/Tests +1 passed/);
      await writeFile(service, `${serviceText}\nexport const added = api({}, async () => ({ n: 7 }));\n`);
      const asks = 'test("the new endpoint", async () => expect(await chat.added()).toEqual({ n: 7 }));';
      await writeFile(testFile, `${testText}\n${asks}\n`);
      await sees(/Tests +2 passed/);
    } finally {
      child.kill("SIGTERM");
      await ended;
      await Promise.all([writeFile(service, serviceText), writeFile(testFile, testText)]);
    }
    assertNothingRuns(app.dir);
  });

  test("that fail make it fail", async () => {
    const file = join(app.dir, "url/failing.test.ts");
    await writeFile(file, 'import { expect, test } from "vitest";\ntest("no", () => expect(1).toBe(2));\n');
    const { code, stdout } = await runTenon(["test", app.dir]);
    await rm(file);
    assert.equal(code, 1);
    assert.match(stdout, /1 failed \| 8 passed/);
    assertNothingRuns(app.dir);
  });

  test("need an app that builds, and a test script", async () => {
    const service = join(app.dir, "url/url.ts");
    const text = await readFile(service, "utf8");
    await writeFile(service, text.replace('path: "/url/:id"', 'path: "url/:id"'));
    const broken = await runTenon(["test", app.dir]);
    await writeFile(service, text);
    assert.equal(broken.code, 1);
    assert.match(broken.stderr, /url\/url\.ts:\d+/);
    assert.match(broken.stderr, /error build_failed/);
    await writeFile(join(app.dir, "package.json"), '{ "name": "no-script", "type": "module" }');
    const without = await runTenon(["test", app.dir]);
    assert.equal(without.code, 1);
    assert.match(without.stderr, /error no_test_script/);
  });
});

describe("tests with tenon/vitest and tenon/test", () => {
  let app;
  before(async () => {
    app = await copyApp("conformance/apps/tests");
  });
  after(() => app.remove());

  test("pass under plain vitest, with files side by side", async () => {
    const { code, stdout, stderr } = await runNode(vitest, ["run"], { cwd: app.dir });
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /Tests +16 passed \(16\)/);
    assertNothingRuns(app.dir);
  });

  test("pass under tenon test with the plugin configured, at the same time as another run", async () => {
    const runs = await Promise.all([runTenon(["test", app.dir]), runTenon(["test", app.dir])]);
    for (const { code, stdout, stderr } of runs) {
      assert.equal(code, 0, stdout + stderr);
      assert.match(stdout, /Tests +16 passed \(16\)/);
    }
    assertNothingRuns(app.dir);
  });

  for (const kind of Object.keys(typescriptCommands)) {
    test(`are type-checked as any code (${kind}): a fake that lacks a field does not compile`, async () => {
      const { code, stdout } = await runTypeScript(kind, app.dir);
      // `@ts-expect-error` stands where the contract is not kept.
      assert.equal(code, 0, stdout);
      const users = join(app.dir, "users/users.ts");
      const text = await readFile(users, "utf8");
      await writeFile(users, text.replaceAll("mayOrder", "allowed"));
      const moved = await runTypeScript(kind, app.dir);
      await writeFile(users, text);
      assert.match(moved.stdout, /orders\/alone\.test\.ts\(\d+,\d+\): error TS/);
    });
  }
});

describe("tests with Node's own runner", () => {
  let app;
  before(async () => {
    app = await copyApp("conformance/apps/encore-tests");
    await mkdir(join(app.dir, "plain"));
    // The sources that a service is loaded from: plain JavaScript, as Node 20 reads nothing else by itself.
    await writeFile(join(app.dir, "plain/package.json"), '{ "type": "module" }');
    await writeFile(
      join(app.dir, "plain/first.test.js"),
      `import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { SQLDatabase } from "encore.dev/storage/sqldb";
import { url } from "~encore/clients";
import { mock, TestingError } from "tenon/test";

const db = SQLDatabase.named("url");

test("has a database and clients", async () => {
  assert.equal((await db.queryRow\`SELECT count(*)::int AS count FROM url\`).count, 0);
  await db.exec\`INSERT INTO url (id, original_url) VALUES ('a', 'b')\`;
  mock(url, { get: async ({ id }) => ({ id, url: "faked" }) });
  assert.deepEqual(await url.get({ id: "x" }), { id: "x", url: "faked" });
  await assert.rejects(url.get({ id: { not: "text" } }), { code: "invalid_argument" });
  assert.throws(() => mock({ a: () => 1 }, { a: () => 1 }), TestingError);
});
`,
    );
    const second = await readFile(join(app.dir, "plain/first.test.js"), "utf8");
    await writeFile(join(app.dir, "plain/second.test.js"), second);
  });
  after(() => app.remove());

  test("pass under tenon test, each file with its own database", async () => {
    const manifest = { name: "plain", type: "module", scripts: { test: "node --test plain/*.test.js" } };
    await writeFile(join(app.dir, "package.json"), JSON.stringify(manifest));
    const { code, stdout, stderr } = await runTenon(["test", app.dir]);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^. pass 2$/m);
    assertNothingRuns(app.dir);
  });

  test("pass with --import tenon/test/register alone", async () => {
    // As from a terminal, not as a part of this test.
    const env = { NODE_TEST_CONTEXT: undefined };
    const args = ["tenon/test/register", "--test", "plain/first.test.js", "plain/second.test.js"];
    const { code, stdout, stderr } = await runNode("--import", args, { cwd: app.dir, env });
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^. pass 2$/m);
  });
});
