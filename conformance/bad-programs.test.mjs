// The table of bad programs, folders and command lines: what each gets. Every answer names what is wrong and how to fix it, no answer is
// a stack, and every command ends with the exit code of INTERFACES.md.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { eventually } from "./harness/eventually.mjs";
import { startDev } from "./harness/dev.mjs";
import { root, runTenon } from "./harness/tenon.mjs";

const hello = {
  "package.json": '{ "name": "bad", "private": true, "type": "module" }',
  "tenon.json": '{ "id": "bad" }',
  "hello/tenon.service.ts": 'import { Service } from "tenon/service";\nexport default new Service("hello");\n',
  "hello/hello.ts": `import { api } from "tenon/api";
export const hello = api({ method: "GET", path: "/hello/:name", expose: true }, async ({ name }: { name: string }) => ({ text: \`Hello \${name}\` }));
`,
};

const withDatabase = {
  ...hello,
  "hello/db.ts": `import { SQLDatabase } from "tenon/storage/sqldb";
export const db = new SQLDatabase("hello", { migrations: "./migrations" });
`,
  "hello/count.ts": `import { api } from "tenon/api";
import { db } from "./db";
export const count = api({ method: "GET", path: "/count", expose: true }, async () => (await db.queryRow<{ n: number }>\`select count(*)::int as n from visits\`) ?? { n: -1 });
`,
  "hello/migrations/1_visits.up.sql": "create table visits (id int primary key);\n",
};

async function makeApp(files) {
  await mkdir(join(root, "tmp"), { recursive: true });
  const dir = await mkdtemp(join(root, "tmp", "bad-"));
  for (const [file, text] of Object.entries(files)) {
    if (text === null) continue;
    await mkdir(dirname(join(dir, file)), { recursive: true });
    await writeFile(join(dir, file), text);
  }
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) };
}

async function withApp(files, use) {
  const app = await makeApp(files);
  try {
    return await use(app.dir);
  } finally {
    await app.remove();
  }
}

const devOnce = (dir, ...args) => runTenon(["dev", dir, "--port", "0", "--dashboard-port", "0", "--no-watch", ...args]);

function assertReadable(text) {
  assert.doesNotMatch(text, /(^\s+at .*\n){2}/m, `a stack in:\n${text}`);
  assert.doesNotMatch(text, /Tenon itself failed/, text);
}

describe("programs that cannot be served", () => {
  const table = [
    ["a syntax error", { ...hello, "hello/hello.ts": "export const x = ;\n" }, /hello\/hello\.ts:1:18/],
    [
      "an endpoint returning a function",
      {
        ...hello,
        "hello/bad.ts":
          'import { api } from "tenon/api";\nexport const bad = api({}, async () => ({ settings: { onChange: () => 1 } }));\n',
      },
      /settings\.onChange[\s\S]*function/,
    ],
    [
      "a path parameter without a field",
      {
        ...hello,
        "hello/bad.ts":
          'import { api } from "tenon/api";\nexport const bad = api({ path: "/x/:id" }, async (_: { other: string }) => {});\n',
      },
      /bad\.ts:2:\d+[\s\S]*id/,
    ],
    [
      "two endpoints on one path",
      {
        ...hello,
        "hello/bad.ts":
          'import { api } from "tenon/api";\nexport const bad = api({ method: "GET", path: "/hello/:who", expose: true }, async ({ who }: { who: string }) => ({ who }));\n',
      },
      /\/hello\//,
    ],
    [
      "a module that does not exist",
      {
        ...hello,
        "hello/bad.ts":
          'import { api } from "tenon/api";\nimport { nope } from "./nope";\nexport const bad = api({}, async () => ({ n: nope as number }));\n',
      },
      /nope/,
    ],
    [
      "a crash at import",
      {
        ...hello,
        "hello/bad.ts":
          'import { api } from "tenon/api";\nexport const bad = api({}, async () => ({ n: 1 }));\nthrow new Error("no configuration");\n',
      },
      /hello[\s\S]*no configuration/,
    ],
    ["a missing migration folder", { ...withDatabase, "hello/migrations/1_visits.up.sql": null }, /migrations/],
    [
      "a broken migration",
      {
        ...withDatabase,
        "hello/migrations/2_more.up.sql": "create table ok (id int);\ncreate tabel broken (id int);\n",
      },
      /2_more\.up\.sql:2:8/,
    ],
    [
      "two migrations of one number",
      { ...withDatabase, "hello/migrations/1_again.up.sql": "select 1;\n" },
      /1_again\.up\.sql|1_visits\.up\.sql/,
    ],
    ["an app file that is no JSON", { ...hello, "tenon.json": '{ "id": }' }, /tenon\.json:1:9/],
    ["no service at all", { "package.json": hello["package.json"], "tenon.json": hello["tenon.json"] }, /service/],
  ];
  for (const [name, files, expected] of table) {
    test(name, async () => {
      await withApp(files, async (dir) => {
        const { code, stdout, stderr } = await devOnce(dir);
        assert.match(stderr, expected, `stdout:\n${stdout}`);
        assert.equal(code, 1, stderr);
        assertReadable(stderr);
      });
    });
  }

  test("an edited applied migration", async () => {
    await withApp(withDatabase, async (dir) => {
      const app = await startDev(dir);
      await app.stop();
      await writeFile(join(dir, "hello/migrations/1_visits.up.sql"), "create table visits (id bigint primary key);\n");
      const { code, stderr } = await devOnce(dir);
      assert.match(stderr, /1_visits\.up\.sql/);
      assert.match(stderr, /edited|changed/);
      assert.equal(code, 1);
      assertReadable(stderr);
    });
  });
});

describe("command lines", () => {
  const table = [
    ["no verb", [], 2, /Usage/],
    ["an unknown verb", ["fly"], 2, /fly/],
    ["an unknown option", ["dev", "--colour"], 2, /--colour/],
    ["a port out of range", ["dev", "--port", "70000"], 2, /--port/],
    ["a port that is none", ["dev", "--port", "http"], 2, /--port/],
    ["an option without its value", ["dev", "--port"], 2, /--port/],
    ["an unknown topology", ["dev", "--topology", "mesh"], 1, /mesh/],
    ["too many arguments", ["check", "a", "b"], 2, /"b"/],
    ["a folder that is not there", ["check", "/nowhere/at/all"], 1, /nowhere/],
    ["a namespace that is no name", ["dev", "--namespace", "../x"], 2, /--namespace/],
    ["a trace id that is none", ["trace", "fly"], 2, /fly/],
    ["an unknown graph format", ["graph", "--format", "yaml"], 2, /yaml/],
  ];
  for (const [name, args, exitCode, expected] of table) {
    test(name, async () => {
      const { code, stdout, stderr } = await runTenon(args);
      assert.match(stderr + stdout, expected);
      assert.equal(code, exitCode, stderr);
      assertReadable(stderr);
    });
  }

  for (const option of ["--port", "--dashboard-port"]) {
    test(`${option} in use`, async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await new Promise((resolve) => server.once("listening", resolve));
      const { port } = server.address();
      try {
        await withApp(hello, async (dir) => {
          const other = option === "--port" ? "--dashboard-port" : "--port";
          const { code, stderr } = await runTenon(["dev", dir, option, String(port), other, "0"]);
          assert.match(stderr, new RegExp(`${port}.*(in use|taken)`));
          assert.match(stderr, new RegExp(option));
          assert.equal(code, 1);
          assertReadable(stderr);
        });
      } finally {
        server.close();
      }
    });
  }

  test("a second tenon dev for the same app", async () => {
    await withApp(hello, async (dir) => {
      const app = await startDev(dir);
      try {
        const { code, stderr } = await devOnce(dir);
        assert.match(stderr, new RegExp(`already running.*${app.pid}`));
        assert.equal(code, 1);
      } finally {
        await app.stop();
      }
    });
  });

  test("traces when nothing runs", async () => {
    await withApp(hello, async (dir) => {
      const { code, stderr } = await runTenon(["trace", "list", "--app", dir]);
      assert.match(stderr, /not_running/);
      assert.equal(code, 1);
    });
  });
});

describe("production starts", () => {
  let app;
  before(async () => {
    app = await makeApp({
      ...withDatabase,
      "other/tenon.service.ts": hello["hello/tenon.service.ts"].replace("hello", "other"),
      "other/other.ts":
        'import { api } from "tenon/api";\nimport { hello } from "~tenon/clients";\nexport const relay = api({ method: "GET", path: "/relay", expose: true }, async () => hello.hello({ name: "relay" }));\n',
    });
    const { code, stderr } = await runTenon(["build", app.dir]);
    assert.equal(code, 0, stderr);
  });
  after(() => app?.remove());

  const start = (...args) => runTenon(["start", join(app.dir, ".tenon/build"), "--port", "0", ...args]);

  test("before a build", async () => {
    await withApp(hello, async (dir) => {
      const { code, stderr } = await runTenon(["start", dir]);
      assert.match(stderr, /tenon build/);
      assert.equal(code, 1);
    });
  });

  test("a database without an address", async () => {
    const { code, stderr } = await start();
    assert.match(stderr, /infra_incomplete[\s\S]*HELLO_DATABASE_URL/);
    assert.equal(code, 1);
  });

  test("a service that the build has not", async () => {
    const { code, stderr } = await start("--services", "hello,mail");
    assert.match(stderr, /mail/);
    assert.equal(code, 1);
  });

  test("another service without an address, and no key", async () => {
    const { code, stderr } = await start("--services", "other");
    assert.match(stderr, /service_discovery\.hello\.base_url[\s\S]*auth/);
    assert.equal(code, 1);
  });

  test("infra.json with unknown keys and an unset variable", async () => {
    const file = join(app.dir, "infra.json");
    await writeFile(file, JSON.stringify({ service_mesh: {}, secrets: { A: { $env: "NOT_SET_ANYWHERE" } } }));
    const { code, stderr } = await start("--infra", file);
    assert.match(stderr, /"service_mesh" is not supported[\s\S]*NOT_SET_ANYWHERE/);
    assert.equal(code, 1);
  });

  test("infra.json that is not there", async () => {
    const { code, stderr } = await start("--infra", "/nowhere/infra.json");
    assert.match(stderr, /nowhere/);
    assert.equal(code, 1);
  });
});

describe("a broken edit", () => {
  test("keeps the last good version serving until it is mended", async () => {
    await withApp(hello, async (dir) => {
      const app = await startDev(dir);
      try {
        const file = join(dir, "hello/hello.ts");
        const get = async () => (await app.request("GET", "/hello/you")).body;
        assert.deepEqual(await get(), { text: "Hello you" });

        const broken = [
          ["a syntax error", "export const = 1;\n"],
          ["a type that cannot travel", hello["hello/hello.ts"].replace("text: `", "call: () => 1, text: `")],
          ["a crash at import", `${hello["hello/hello.ts"]}throw new Error("at import");\n`],
        ];
        for (const [name, text] of broken) {
          const before = app.events.length;
          await writeFile(file, text);
          await app.waitForEvent("error", 30_000, before);
          assert.deepEqual(await get(), { text: "Hello you" }, name);
          const status = await app.fromDashboard("/api/status");
          assert.equal(status.state, "broken", name);
        }

        await writeFile(file, hello["hello/hello.ts"].replace("Hello $", "Goodbye $"));
        await eventually("the new version", async () => (await get()).text === "Goodbye you");
        await eventually("the all-clear", async () => (await app.fromDashboard("/api/status")).state === "running");
      } finally {
        await app.stop();
      }
    });
  });
});
