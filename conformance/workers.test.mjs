// `tenon start --workers 2`: several processes behind one door. Both serve; one that is killed is replaced; a reload under load loses
// nothing; metrics are those of all; a cron job runs once; the end is clean.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { Agent, get } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { eventually } from "./harness/eventually.mjs";
import { runTenon, tenonCommand } from "./harness/tenon.mjs";

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe("several workers", { skip: process.platform === "win32" ? "signals are those of POSIX" : false }, () => {
  let copy;
  let app;
  let ticksFile;
  const living = new Set();

  before(async () => {
    copy = await copyApp("conformance/apps/workers");
    ticksFile = join(copy.dir, "ticks.txt");
    const built = await runTenon(["build", copy.dir, "--no-check"]);
    assert.equal(built.code, 0, built.stderr);
    app = await start(["--workers", "2"]);
  });

  after(async () => {
    for (const child of living) child.kill("SIGKILL");
    await copy?.remove();
    if (ticksFile !== undefined) await rm(ticksFile, { force: true });
  });

  /** Starts the build and waits until it says that it serves. */
  async function start(args, env = {}) {
    const child = spawn(process.execPath, [tenonCommand, "start", copy.dir, ...args], {
      env: { ...process.env, PORT: "0", TENON_INTERNAL_PORT: "0", TICKS_FILE: ticksFile, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    living.add(child);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    }
    const exited = new Promise((resolve) => {
      child.once("exit", (code, signal) => {
        living.delete(child);
        resolve(signal ?? code);
      });
    });
    const lines = (message) =>
      output
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line))
        .filter((line) => line.message === message);
    const started = await eventually("the workers to serve", () => {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}:\n${output}`);
      return lines("started")[0];
    });
    return { child, exited, lines, output: () => output, gateway: started.gateway, internal: started.internal };
  }

  const ask = async (path, base = app.gateway) => {
    // One connection each, since it is connections that are handed out.
    const response = await fetch(`${base}${path}`, { headers: { connection: "close" } });
    return { status: response.status, text: await response.text() };
  };
  const whoAnswers = async () => JSON.parse((await ask("/who")).text).pid;

  async function pidsThatAnswer(count) {
    const pids = new Set();
    await eventually(`${count} workers to answer`, async () => pids.add(await whoAnswers()).size >= count);
    return pids;
  }

  async function metric(name) {
    const { text } = await ask("/__tenon/metrics", app.internal);
    const line = text.split("\n").find((one) => one.startsWith(`${name} `) || one.startsWith(`${name}{`));
    return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(" ")));
  }

  /** Keeps connections busy until it is told to stop; gives what came back. */
  function load() {
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    let isOver = false;
    const failures = [];
    let answers = 0;
    const once = () =>
      new Promise((resolve) => {
        const request = get(`${app.gateway}/who`, { agent }, (response) => {
          response.resume();
          response.once("end", () => {
            answers++;
            if (response.statusCode !== 200) failures.push(response.statusCode);
            resolve();
          });
        });
        request.once("error", (error) => {
          failures.push(error.code);
          resolve();
        });
      });
    const running = Promise.all(
      Array.from({ length: 8 }, async () => {
        while (!isOver) await once();
      }),
    );
    return {
      async stop() {
        isOver = true;
        await running;
        agent.destroy();
        return { answers, failures };
      },
    };
  }

  test("both serve, each with its number in the log and its own init", async () => {
    const pids = await pidsThatAnswer(2);
    const workers = app.lines("worker started").map(({ worker, pid }) => [worker, pid]);
    assert.deepEqual(workers.map(([worker]) => worker).sort(), [1, 2]);
    assert.deepEqual(new Set(workers.map(([, pid]) => pid)), pids);
    assert.deepEqual(new Set(app.lines("init").map(({ pid }) => pid)), pids);
  });

  test("metrics are those of all workers, whichever answers", async () => {
    const before = (await metric('asked_total{service="who"}')) ?? 0;
    for (let i = 0; i < 10; i++) await ask("/who");
    const pids = await pidsThatAnswer(2);
    const first = await metric("asked_total");
    assert.ok(first >= before + 12, `${first} after ${before}`);
    assert.equal(await metric("asked_total"), first);
    assert.equal(await metric("newest_pid"), Math.max(...pids));
    const { status, text } = await ask("/__tenon/readyz", app.internal);
    assert.deepEqual([status, JSON.parse(text).status], [200, "ok"]);
  });

  test("a worker that is killed is replaced; the other one serves on, and no count goes down", async () => {
    const pids = await pidsThatAnswer(2);
    const before = await metric("asked_total");
    const [victim] = pids;
    process.kill(victim, "SIGKILL");
    await eventually("its end to be noticed", () => app.lines("a worker has ended and is replaced").length === 1);
    for (let i = 0; i < 5; i++) assert.notEqual(await whoAnswers(), victim);
    await eventually("another in its place", () => app.lines("a worker was replaced").length === 1);
    assert.ok(!(await pidsThatAnswer(2)).has(victim));
    assert.ok((await metric("asked_total")) >= before + 5);
  });

  test("a reload under load replaces both and fails no request, not even a long one", async () => {
    const old = await pidsThatAnswer(2);
    const clients = load();
    const long = ask("/slow/1500");
    app.child.kill("SIGHUP");
    await eventually("the end of the reload", () => app.lines("reloaded").length === 1);
    assert.equal((await long).status, 200);
    const { answers, failures } = await clients.stop();
    assert.deepEqual(failures, []);
    assert.ok(answers > 0);
    for (const pid of await pidsThatAnswer(2)) assert.ok(!old.has(pid), `${pid} is an old one`);
    for (const pid of old) assert.ok(!isAlive(pid), `${pid} still runs`);
  });

  test("a reload with a build that cannot start changes nothing", async () => {
    const before = await pidsThatAnswer(2);
    const bundle = join(copy.dir, ".tenon/build/services/who.js");
    const code = await readFile(bundle, "utf8");
    await writeFile(bundle, `throw new Error("half copied");\n${code}`);
    app.child.kill("SIGHUP");
    await eventually(
      "the reload to be given up",
      () => app.lines("a new worker could not start: those before go on")[0],
    );
    await writeFile(bundle, code);
    assert.match(app.output(), /half copied/);
    assert.deepEqual(await pidsThatAnswer(2), before);
  });

  test("a cron job of an app without a database runs once per tick, also across the reload", async () => {
    const ticks = await eventually("some ticks", async () => {
      const lines = (await readFile(ticksFile, "utf8").catch(() => "")).trim().split("\n");
      return lines.length >= 10 ? lines : undefined;
    });
    const seconds = ticks.map((line) => Number(line.split(" ")[0]));
    // The first may be late, the last in time; one for each worker would be twice as many.
    assert.ok(ticks.length <= Math.max(...seconds) - Math.min(...seconds) + 3, ticks.join("\n"));
  });

  test("told to stop, all workers finish what they have and nobody is left", async () => {
    const pids = await pidsThatAnswer(2);
    const long = ask("/slow/500");
    const inFlight = 'tenon_requests_in_flight{service="who",endpoint="slow"}';
    await eventually("the request to be under way", async () => (await metric(inFlight)) === 1);
    app.child.kill("SIGTERM");
    assert.equal((await long).status, 200);
    assert.equal(await app.exited, 0);
    for (const pid of pids) assert.ok(!isAlive(pid), `${pid} still runs`);
  });

  test("workers that the app itself asks for end when their supervisor is killed", async () => {
    await writeFile(join(copy.dir, "tenon.json"), '{ "id": "workers", "workers": 2 }');
    const built = await runTenon(["build", copy.dir, "--no-check"]);
    assert.equal(built.code, 0, built.stderr);
    app = await start([]);
    const pids = await pidsThatAnswer(2);
    app.child.kill("SIGKILL");
    await app.exited;
    await eventually("the workers to end", () => [...pids].every((pid) => !isAlive(pid)));
  });

  test("what keeps the app from starting is told once, and ends it", async () => {
    const taken = createServer().listen(0, "0.0.0.0");
    await new Promise((resolve) => taken.once("listening", resolve));
    const { port } = taken.address();
    const { code, stderr } = await runTenon(["start", copy.dir, "--workers", "2", "--port", String(port)]);
    taken.close();
    assert.equal(code, 1);
    assert.equal(stderr.split("address_in_use").length - 1, 1, stderr);
    const wrong = await runTenon(["start", copy.dir, "--workers", "0"]);
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /invalid_workers: --workers must be a number from 1 to 256/);
  });
});
