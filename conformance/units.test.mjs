// The shop cut into units: each service and the public door from a build of its own, started by nothing but Node, with the databases of its
// own graph and no others. Together they answer as the whole does. And the whole is the same to the byte wherever it is built.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { cutBuild } from "@tenon/compiler";
import { provisionDatabase } from "@tenon/runtime";
import { copyApp } from "./harness/app-copy.mjs";
import { eventually } from "./harness/eventually.mjs";
import { freePort } from "./harness/free-port.mjs";
import { requestTo } from "./harness/request-to.mjs";
import { root, runNode, runTenon } from "./harness/tenon.mjs";
import { checkChat, checkCustomer, checkPage, checkWatch } from "./shop/customers.mjs";
import { walkThroughTheShop } from "./shop/walk.mjs";

const { startPostgres } = await import(join(root, "packages/tenon/dist/engines/postgres/start-postgres.js"));

const services = ["notifications", "orders", "payments", "products", "storefront", "users"];

let copies;
let away;
let server;
const running = [];

before(async () => {
  copies = [await copyApp("examples/shop"), await copyApp("examples/shop")];
  away = await mkdtemp(join(tmpdir(), "tenon-units-"));
  for (const { dir } of copies) {
    const built = await runTenon(["build", dir, "--no-check"]);
    assert.equal(built.code, 0, built.stderr);
  }
});

after(async () => {
  for (const child of running) child.kill("SIGKILL");
  await server?.stop();
  for (const copy of copies ?? []) await copy.remove();
  if (away !== undefined) await rm(away, { recursive: true, force: true });
});

const whole = () => join(copies[0].dir, ".tenon/build");

test("the same sources in two folders give the same build, with no path of this machine in it", async () => {
  const [one, other] = await Promise.all(copies.map(({ dir }) => readBuild(join(dir, ".tenon/build"))));
  assert.deepEqual(other, one);
  for (const [file, content] of Object.entries(one)) {
    for (const place of [root, tmpdir()]) assert.ok(!content.includes(`${place}/`), `${file} names ${place}`);
  }
});

describe("each service and the public door from a build of its own", () => {
  let gateway;

  before(async () => {
    const databases = await openDatabases();
    const ports = Object.fromEntries(await Promise.all(services.map(async (name) => [name, await freePort()])));
    const infra = join(away, "infra.json");
    const addresses = Object.entries(ports).map(([name, port]) => [name, { base_url: `http://127.0.0.1:${port}` }]);
    const auth = [{ type: "key", id: 1, key: "a key that is long enough" }];
    await writeFile(infra, JSON.stringify({ auth, service_discovery: Object.fromEntries(addresses) }));
    const opened = services.map(async (name) => {
      const { main, graph } = await cut(name, { services: [name], gateway: false });
      const env = { ...databasesOf(graph, name, databases), TENON_INTERNAL_PORT: String(ports[name]) };
      const migrated = await runNode(main, ["migrate", "--infra", infra], { env });
      assert.equal(migrated.code, 0, migrated.stderr);
      start(main, infra, env);
    });
    await Promise.all(opened);
    const { main } = await cut("gateway", { services: [], gateway: true });
    const port = await freePort();
    start(main, infra, { PORT: String(port), TENON_INTERNAL_PORT: String(await freePort()) });
    gateway = `http://127.0.0.1:${port}`;
    await eventually("all units to serve", () => running.every((child) => child.output.includes('"started"')));
  });

  const app = () => ({ gateway, request: (...args) => requestTo(gateway, ...args) });

  test("answers the requests of the README", () => walkThroughTheShop(app()));
  test("knows who is logged in, in every service, and thanks for an order", () => checkCustomer(app()));
  test("tells of an order's changes while they happen", () => checkWatch(app()));
  test("lets customers chat, and nobody else", () => checkChat(app()));
  test("serves its page, timed as everything else", () => checkPage(app()));
});

test("`tenon build` makes the build of a unit, which refuses to be another one", async () => {
  const outDir = join(away, "stock");
  const built = await runTenon(["build", copies[1].dir, "--no-check", "--services", "products", "-o", outDir]);
  assert.equal(built.code, 0, built.stderr);
  assert.match(built.stdout, /^built products into /);
  const other = await runNode(join(outDir, "main.js"), ["start", "--services", "users"]);
  assert.match(other.stderr, /unknown_service[\s\S]*It has: products\./);
  const door = await runNode(join(outDir, "main.js"), ["start", "--gateway-only"]);
  assert.match(door.stderr, /hosting_invalid[\s\S]*does not have the public door/);
  assert.equal((await runTenon(["build", copies[1].dir, "--services", "products", "--gateway-only"])).code, 2);
});

async function cut(name, unit) {
  const outDir = join(away, "units", name);
  const graph = await cutBuild({ buildDir: whole(), outDir, ...unit });
  return { main: join(outDir, "main.js"), graph };
}

async function openDatabases() {
  server = await startPostgres({ dataDir: join(away, "postgres") });
  const databases = {};
  for (const name of [...services.filter((service) => service !== "storefront"), "messages"]) {
    databases[name] = (await provisionDatabase(server.adminUrl, { database: name, role: name })).connectionString;
  }
  return databases;
}

/** Variables with the databases that the unit's own graph names. */
function databasesOf(graph, service, databases) {
  const { databases: own } = graph.services.find(({ name }) => name === service);
  return Object.fromEntries([
    ...own.map((name) => [`${name.toUpperCase()}_DATABASE_URL`, databases[name]]),
    ...(graph.topics === undefined ? [] : [["TENON_MESSAGES_DATABASE_URL", databases.messages]]),
  ]);
}

function start(main, infra, env) {
  const child = spawn(process.execPath, [main, "start", "--infra", infra], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      child.output += text;
    });
  }
  running.push(child);
}

/** Path -> content; what git says of the folder is not of the build's making. */
async function readBuild(dir) {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name !== "revision.json");
  const pairs = files.map(async (entry) => {
    const file = join(entry.parentPath, entry.name);
    return [file.slice(dir.length + 1), await readFile(file, "latin1")];
  });
  return Object.fromEntries((await Promise.all(pairs)).sort(([a], [b]) => (a < b ? -1 : 1)));
}
