// The public door of a production as machines have it: TLS from files that can be renewed, a door that redirects to it, and a listening socket
// that somebody else holds, so that the next process takes over without a request that fails. Here the test holds the socket in the place of
// systemd; conformance/vm has the same with systemd.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Agent, get } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { connect } from "node:tls";
import { copyApp } from "./harness/app-copy.mjs";
import { eventually } from "./harness/eventually.mjs";
import { root, runTenon, tenonCommand } from "./harness/tenon.mjs";

const certificates = await import(join(root, "packages/runtime/dist/call/certificate.test.support.js"));
const { cert, key, renewed } = certificates;

describe("a public door", {
  skip: process.platform === "win32" ? "sockets are handed over on POSIX only" : false,
}, () => {
  let copy;
  let dir;
  let port;
  let first;
  let second;
  const children = new Set();

  before(async () => {
    copy = await copyApp("conformance/apps/workers");
    dir = await mkdtemp(join(tmpdir(), "tenon-door-"));
    await writeFile(join(dir, "cert.pem"), cert);
    await writeFile(join(dir, "key.pem"), key);
    const built = await runTenon(["build", copy.dir, "--no-check"]);
    assert.equal(built.code, 0, built.stderr);
    // Both wait with the socket in their hands; it is theirs alone then.
    const holder = createServer();
    holder.listen(0, "127.0.0.1");
    await once(holder, "listening");
    ({ port } = holder.address());
    first = prepare(holder, ["--redirect-port", "0"]);
    second = prepare(holder, ["--workers", "2"]);
    await new Promise((resolve) => holder.close(resolve));
  });

  after(async () => {
    for (const child of children) child.kill("SIGKILL");
    await copy?.remove();
    await rm(dir, { recursive: true, force: true });
  });

  /** Descriptor 3 and LISTEN_PID as sd_listen_fds(3) has them; the process begins with `begin`. */
  function prepare(holder, args) {
    const files = ["--tls-cert", join(dir, "cert.pem"), "--tls-key", join(dir, "key.pem")];
    const command = [process.execPath, tenonCommand, "start", copy.dir, ...files, ...args];
    const wait = 'read -r _ && LISTEN_PID=$$ && export LISTEN_PID && exec "$@"';
    const child = spawn("/bin/sh", ["-c", wait, "sh", ...command], {
      env: { ...process.env, LISTEN_FDS: "1", LISTEN_FDNAMES: "public", TENON_LINGER_SECONDS: "2" },
      stdio: ["pipe", "pipe", "pipe", holder._handle.fd],
    });
    children.add(child);
    const exited = once(child, "exit").then(([code, signal]) => {
      children.delete(child);
      return signal ?? code;
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    }
    const line = (message) =>
      eventually(`"${message}"`, () => {
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}:\n${output}`);
        const lines = output.split("\n").filter((text) => text.startsWith("{"));
        return lines.map((text) => JSON.parse(text)).find((entry) => entry.message === message);
      });
    return { child, exited, line, begin: () => child.stdin.end("\n") };
  }

  const options = { host: "127.0.0.1", servername: "localhost", ca: [cert, renewed.cert] };

  async function subject() {
    const socket = connect({ ...options, port });
    await once(socket, "secureConnect");
    const { CN } = socket.getPeerCertificate().subject;
    socket.destroy();
    return CN;
  }

  function ask(agent) {
    return new Promise((resolve) => {
      const request = get({ ...options, port, agent, path: "/who" }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part) => {
          text += part;
        });
        response.once("end", () =>
          resolve(response.statusCode === 200 ? { pid: JSON.parse(text).pid } : { failure: response.statusCode }),
        );
      });
      request.once("error", (error) => resolve({ failure: error.code }));
    });
  }

  /** Clients that ask without a pause, clients that think in between, and clients that connect anew each time. */
  function load() {
    const pids = new Set();
    const failures = [];
    let isOver = false;
    let answers = 0;
    const clients = [0, 0, 40, 80, 120, 160, "anew", "anew"].map(async (pause) => {
      const agent = new Agent({ keepAlive: pause !== "anew", maxSockets: 1 });
      while (!isOver) {
        const { pid, failure } = await ask(agent);
        answers++;
        if (failure === undefined) pids.add(pid);
        else failures.push(failure);
        if (pause !== 0) await new Promise((resolve) => setTimeout(resolve, pause === "anew" ? 20 : pause));
      }
      agent.destroy();
    });
    return async () => {
      isOver = true;
      await Promise.all(clients);
      return { pids, failures, answers };
    };
  }

  test("speaks TLS on the socket that it was handed, and redirects those who come without", async () => {
    first.begin();
    const { gateway } = await first.line("started");
    assert.equal(gateway, `https://127.0.0.1:${port}`);
    assert.equal(await subject(), "localhost");
    const { from } = await first.line("redirecting to TLS");
    const answer = await fetch(`${from}/who?a=1`, { redirect: "manual" });
    assert.equal(answer.status, 308);
    assert.equal(answer.headers.get("location"), `https://127.0.0.1:${port}/who?a=1`);
  });

  test("shows the next certificate after SIGHUP, and keeps the one it has where the next is unusable", async () => {
    await writeFile(join(dir, "cert.pem"), "no certificate");
    first.child.kill("SIGHUP");
    await first.line("the certificate could not be read again: the one before goes on");
    assert.equal(await subject(), "localhost");
    await writeFile(join(dir, "cert.pem"), renewed.cert);
    await writeFile(join(dir, "key.pem"), renewed.key);
    first.child.kill("SIGHUP");
    await first.line("the certificate was read again");
    assert.equal(await subject(), "renewed");
  });

  test("is taken over by the next process, here of two workers, without a request that fails", async (t) => {
    const stop = load();
    second.begin();
    await second.line("started");
    first.child.kill("SIGTERM");
    assert.equal(await first.exited, 0);
    const pids = new Set();
    await eventually("both workers to answer", async () => pids.add((await ask(new Agent())).pid).size >= 2);
    const { answers, failures, pids: seen } = await stop();
    t.diagnostic(`${answers} requests`);
    assert.deepEqual(failures, []);
    assert.ok(seen.has(first.child.pid) && seen.size >= 3, "the first process and both workers have answered");
    second.child.kill("SIGTERM");
    assert.equal(await second.exited, 0);
  });

  test("does not start with half of a pair of files", async () => {
    const { code, stderr } = await runTenon(["start", copy.dir, "--tls-cert", join(dir, "cert.pem")]);
    assert.equal(code, 1);
    assert.match(stderr, /tls_incomplete/);
  });
});
