// A production build, as operators run it: migrated, started whole or in parts, with calls between the parts, stopped without losing a
// request, and moved to a machine where nothing but Node is installed.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import pg from "pg";
import { provisionDatabase } from "@tenon/runtime";
import { copyApp } from "./harness/app-copy.mjs";
import { eventually } from "./harness/eventually.mjs";
import { freePort } from "./harness/free-port.mjs";
import { root, runNode, runTenon, tenonCommand } from "./harness/tenon.mjs";

const { startPostgres } = await import(join(root, "packages/tenon/dist/engines/postgres/start-postgres.js"));

let copy;
let away;
let server;
/** Name of a variable -> connection string of the shop's databases. */
let databases;
const running = new Set();

before(async () => {
  copy = await copyApp("examples/shop");
  away = await mkdtemp(join(tmpdir(), "tenon-away-"));
  server = await startPostgres({ dataDir: join(away, "postgres") });
  databases = {};
  for (const database of ["users", "products", "orders", "payments", "notifications", "messages"]) {
    const { connectionString } = await provisionDatabase(server.adminUrl, { database, role: database });
    const name = database === "messages" ? "TENON_MESSAGES" : database.toUpperCase();
    databases[`${name}_DATABASE_URL`] = connectionString;
  }
  // An endpoint that takes its time, to be stopped in the middle of.
  await writeFile(
    join(copy.dir, "users/slow.ts"),
    `import { api } from "tenon/api";
export const slow = api({ method: "GET", path: "/slow/:ms", expose: true }, async ({ ms }: { ms: number }) => {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return { ms };
});
export const crash = api({ method: "POST", path: "/crash", expose: true }, async () => {
  setTimeout(() => JSON.parse("{"), 1);
});
`,
  );
  // The shop gets by without Node's types, this endpoint does not.
  const built = await runTenon(["build", copy.dir, "--no-check"]);
  assert.equal(built.code, 0, built.stderr);
});

after(async () => {
  for (const child of running) child.kill("SIGKILL");
  await server?.stop();
  await copy?.remove();
  if (away !== undefined) await rm(away, { recursive: true, force: true });
});

const build = () => join(copy.dir, ".tenon/build");

/** Starts a process and waits until it says that it serves. */
async function start(args, { env = {}, cwd = root, script = tenonCommand, dir = [build()] } = {}) {
  const child = spawn(process.execPath, [script, "start", ...dir, ...args], {
    cwd,
    env: { ...process.env, ...databases, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  const exited = new Promise((resolve) => {
    // Not "exit": what it said at its end may be read after that.
    child.once("close", (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    });
  });
  const lines = () =>
    output
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line));
  const started = await eventually("the process to serve", () => {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    return lines().find(({ message }) => message === "started");
  }).catch((error) => assert.fail(`${error.message} ${error.cause?.message ?? ""}\n${output}`));
  return {
    gateway: started.gateway,
    internal: started.internal,
    output: () => output,
    exited,
    async stop(signal = "SIGTERM") {
      child.kill(signal);
      return exited;
    },
  };
}

async function request(base, method, path, body) {
  const response = await fetch(`${base}${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  });
  const text = await response.text();
  return { status: response.status, text, body: text === "" ? undefined : JSON.parse(text) };
}

const order = { userId: "ada", lines: [{ productId: "notebook", quantity: 1 }] };

async function infra(name, content) {
  const file = join(away, name);
  await writeFile(file, JSON.stringify(content));
  return file;
}

const auth = (key) => [{ type: "key", id: 1, key }];
const goodKey = "a key that is long enough";

describe("before the first start", () => {
  test("what is missing is told, all of it", async () => {
    const { code, stderr } = await runTenon(["start", build(), "--port", "0"]);
    assert.equal(code, 1);
    assert.match(stderr, /infra_incomplete/);
    for (const name of Object.keys(databases)) assert.match(stderr, new RegExp(name));
  });

  test("pending migrations are refused, and applied once by two at the same time", async () => {
    const refused = await runTenon(["start", build(), "--port", "0"], { env: databases });
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /migrations_pending[\s\S]*tenon migrate/);
    const check = await runTenon(["migrate", build(), "--check"], { env: databases });
    assert.equal(check.code, 1);
    assert.match(check.stdout, /^users: pending 1_create_users\.up\.sql$/m);
    assert.match(check.stderr, /migrations_differ/);
    const plan = await runTenon(["migrate", build(), "--dry-run"], { env: databases });
    assert.equal(plan.code, 0, plan.stderr);
    assert.match(
      plan.stdout,
      /-- users: 1_create_users\.up\.sql\nBEGIN;\n[\s\S]*COMMIT;\n\n-- users: 2_add_first_users/,
    );
    const both = await Promise.all([1, 2].map(() => runTenon(["migrate", build()], { env: databases })));
    for (const { code, stderr } of both) assert.equal(code, 0, stderr);
    const applied = both.flatMap(({ stdout }) => stdout.match(/applied/g) ?? []);
    assert.equal(applied.length, 5, both.map(({ stdout }) => stdout).join("---\n"));
    const again = await runTenon(["migrate", build()], { env: databases });
    assert.doesNotMatch(again.stdout, /applied/);
  });

  test("the check finds what was made by hand, for people and for programs", async () => {
    const current = await runTenon(["migrate", build(), "--check"], { env: databases });
    assert.equal(current.code, 0, current.stdout + current.stderr);
    const users = new pg.Client(databases.USERS_DATABASE_URL);
    await users.connect();
    await users.query("CREATE INDEX by_hand ON users (email)");
    const changed = await runTenon(["migrate", build(), "--check"], { env: databases });
    assert.equal(changed.code, 1);
    assert.match(
      changed.stdout,
      /^users: changed by hand since the last migration\n {2}\+ index CREATE INDEX by_hand/m,
    );
    const { code, stdout } = await runTenon(["migrate", build(), "--check", "--json"], { env: databases });
    assert.equal(code, 1);
    const rows = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.equal(rows.find(({ database }) => database === "users").drift.length, 1);
    await users.query("DROP INDEX by_hand");
    await users.end();
    assert.equal((await runTenon(["migrate", build(), "--check", "--dry-run"])).code, 2);
  });

  test("wrong ports and services are told", async () => {
    const port = await runTenon(["start", build()], { env: { ...databases, PORT: "many" } });
    assert.equal(port.code, 1);
    assert.match(port.stderr, /invalid_port[\s\S]*PORT must be a port/);
    const service = await runTenon(["start", build(), "--services", "cellar"], { env: databases });
    assert.equal(service.code, 1);
    assert.match(service.stderr, /unknown_service[\s\S]*users/);
  });
});

describe("the whole app in one process", () => {
  test("serves, tells its health, and finishes a request when it is told to stop", async () => {
    const app = await start(["--port", "0"]);
    assert.equal((await request(app.gateway, "GET", "/users/ada")).body.name, "Ada Lovelace");
    assert.equal((await request(app.gateway, "POST", "/orders", order)).status, 200);
    assert.equal((await request(app.gateway, "GET", "/__tenon/healthz")).status, 200);
    assert.deepEqual((await request(app.gateway, "GET", "/__tenon/readyz")).body, { status: "ok" });
    const slow = request(app.gateway, "GET", "/slow/1200");
    await request(app.gateway, "GET", "/users/ada");
    await app.stop();
    assert.deepEqual((await slow).body, { ms: 1200 });
    assert.deepEqual(await app.exited, { code: 0, signal: null });
    await assert.rejects(request(app.gateway, "GET", "/users/ada"));
  });

  test("an error that nobody caught is logged as JSON, and the process ends with 1", async () => {
    const app = await start(["--port", "0"]);
    await request(app.gateway, "POST", "/crash").catch(() => {});
    assert.equal((await app.exited).code, 1);
    assert.match(app.output(), /"level":"error".*"uncaught error"/);
    assert.doesNotMatch(app.output(), /^\s+at /m);
  });

  test("is not ready while its databases are unreachable", async () => {
    const app = await start(["--port", "0"]);
    assert.equal((await request(app.gateway, "GET", "/__tenon/readyz")).status, 200);
    await server.stop();
    const answer = await eventually("not ready", async () => {
      const response = await request(app.gateway, "GET", "/__tenon/readyz");
      return response.status === 503 && response;
    });
    assert.deepEqual(answer.body, { status: "not_ready" });
    assert.equal((await request(app.gateway, "GET", "/__tenon/healthz")).status, 200);
    server = await startPostgres({ dataDir: join(away, "postgres") });
    await eventually("ready again", async () => (await request(app.gateway, "GET", "/__tenon/readyz")).status === 200);
    assert.equal((await request(app.gateway, "GET", "/users/ada")).status, 200);
    await app.stop();
  });

  test("a copied build runs where nothing is installed", async () => {
    const folder = join(away, "copied");
    await cp(build(), folder, { recursive: true });
    const migrated = await runNode(join(folder, "main.js"), ["migrate"], { cwd: folder, env: databases });
    assert.equal(migrated.code, 0, migrated.stderr);
    const app = await start(["--port", "0"], { cwd: folder, script: join(folder, "main.js"), dir: [] });
    assert.equal((await request(app.gateway, "POST", "/orders", order)).status, 200);
    assert.equal((await app.stop("SIGINT")).code, 0);
  });
});

describe("the app in two processes", () => {
  test("they call each other; a wrong key and a peer that is gone are `unavailable`, and say why in the log", async () => {
    const usersInfra = await infra("users.json", { auth: auth(goodKey) });
    const port = String(await freePort());
    const users = await start(["--services", "users", "--port", "0", "--infra", usersInfra], {
      env: { TENON_INTERNAL_PORT: port },
    });
    assert.ok(users.internal, users.output());
    const peers = { users: { base_url: users.internal } };
    const others = ["--services", "orders,products,payments,notifications,storefront", "--port", "0", "--infra"];

    const shop = await start([...others, await infra("shop.json", { auth: auth(goodKey), service_discovery: peers })]);
    const made = await request(shop.gateway, "POST", "/orders", order);
    assert.equal(made.status, 200, made.text);
    assert.equal((await request(shop.gateway, "POST", "/orders", { ...order, userId: "nobody" })).status, 404);
    // Public endpoints of the other process are reached through either gateway.
    assert.equal((await request(shop.gateway, "GET", "/users/ada")).status, 200);
    assert.equal((await request(users.internal, "GET", "/__tenon/readyz")).body.status, "ok");
    assert.notEqual((await request(users.internal, "GET", "/users/ada")).status, 200);

    const wrongInfra = await infra("wrong.json", { auth: auth("another key, long enough"), service_discovery: peers });
    const wrong = await start([...others, wrongInfra]);
    const refused = await request(wrong.gateway, "POST", "/orders", order);
    assert.equal(refused.status, 503, refused.text);
    assert.equal(refused.body.code, "unavailable");
    assert.match(wrong.output(), /credential/);
    await wrong.stop();

    await users.stop();
    const gone = await request(shop.gateway, "POST", "/orders", order);
    assert.equal(gone.status, 503, gone.text);
    assert.equal(gone.body.code, "unavailable");
    assert.equal((await request(shop.gateway, "GET", "/products/notebook")).status, 200);

    // It comes back at the same place: nobody else has to be restarted.
    const back = await start(["--services", "users", "--port", "0", "--infra", usersInfra], {
      env: { TENON_INTERNAL_PORT: port },
    });
    assert.equal((await request(shop.gateway, "POST", "/orders", order)).status, 200);
    await Promise.all([shop.stop(), back.stop()]);
  });

  test("on one machine they may use a unix socket", { skip: process.platform === "win32" }, async () => {
    const socketPath = join(away, "users.sock");
    const usersInfra = await infra("users.json", { auth: auth(goodKey) });
    const users = await start(["--services", "users", "--port", "0", "--infra", usersInfra], {
      env: { TENON_INTERNAL_SOCKET: socketPath },
    });
    assert.equal(users.internal, `unix:${socketPath}`);
    const peers = { users: { base_url: users.internal } };
    const others = ["--services", "orders,products,payments,notifications,storefront", "--port", "0", "--infra"];
    const shop = await start([...others, await infra("shop.json", { auth: auth(goodKey), service_discovery: peers })]);
    assert.equal((await request(shop.gateway, "POST", "/orders", order)).status, 200);
    assert.equal((await request(shop.gateway, "GET", "/users/ada")).status, 200);
    await Promise.all([shop.stop(), users.stop()]);
  });

  test("a part without the key, or without the address of a service it calls, does not start", async () => {
    const { code, stderr } = await runTenon(["start", build(), "--services", "orders", "--port", "0"], {
      env: databases,
    });
    assert.equal(code, 1);
    assert.match(stderr, /service_discovery\.users\.base_url/);
    assert.match(stderr, /TENON_KEY/);
  });

  test("a port that is taken is told", async () => {
    const port = await freePort();
    const blocker = createServer().listen(port, "0.0.0.0");
    await eventually("the blocker", () => blocker.listening);
    const { code, stderr } = await runTenon(["start", build(), "--port", String(port)], { env: databases });
    blocker.close();
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`address_in_use[\\s\\S]*${port}`));
  });
});
