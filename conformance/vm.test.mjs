// The shop on a fresh Debian with systemd, by the scripts of `tenon deploy vm`: install, upgrade and roll back under load without a request that
// fails, a release that does not start, a reboot. Where TENON_VM_ROOT names a root file system, made once as the guide says; else it is skipped.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { eventually } from "./harness/eventually.mjs";
import { root, runTenon } from "./harness/tenon.mjs";
import { Machine, whyNoMachine } from "./vm/machine.mjs";

const { cert, key } = await import(join(root, "packages/runtime/dist/call/certificate.test.support.js"));
const load = new URL("vm/load.mjs", import.meta.url).pathname;
const services = ["gateway", "notifications", "orders", "payments", "products", "storefront", "users"];

describe("the shop on a machine", { skip: whyNoMachine() ?? false }, () => {
  let machine;
  let dir;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), "tenon-vm-"));
    for (const args of [
      ["build", "-o", join(dir, "build")],
      ["deploy", "vm", "-o", join(dir, "deploy")],
    ]) {
      const [verb, ...rest] = args;
      const target = verb === "deploy" ? [rest.shift(), join(root, "examples/shop")] : [join(root, "examples/shop")];
      const { code, stderr } = await runTenon([verb, ...target, ...rest]);
      assert.equal(code, 0, stderr);
    }
    machine = await Machine.open();
  });

  after(async () => {
    await machine?.close();
    await rm(dir, { recursive: true, force: true });
  });

  function script(name, ...args) {
    const env = { ...process.env, TENON_SSH: machine.ssh };
    return promisify(execFile)(join(dir, "deploy", name), [...args, "machine"], { env, timeout: 240_000 });
  }
  const release = (name, build = "build") => ["--release", name, "--build", join(dir, build)];
  const serves = async () => (await machine.run("readlink /opt/shop/current")).stdout.trim();
  const ask = async (path) => (await machine.run(`curl -sk --max-time 5 https://127.0.0.1${path}`)).stdout;

  /** Runs while clients ask; none of them may have failed. */
  async function underLoad(t, work) {
    const clients = spawn("nsenter", ["-t", String(machine.pid), "-n", process.execPath, load, "/users/ada"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    clients.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
    const ended = new Promise((resolve) => clients.once("exit", resolve));
    const before = Date.now();
    try {
      return await work();
    } finally {
      t.diagnostic(`took ${((Date.now() - before) / 1000).toFixed(1)} s`);
      clients.kill("SIGTERM");
      await ended;
      const { answers, failures } = JSON.parse(output);
      t.diagnostic(`${answers} requests`);
      assert.deepEqual(failures, {});
      assert.ok(answers > 100, `${answers} requests`);
    }
  }

  test("install.sh tells what is missing, and then brings the app there", async () => {
    const node = ["--node", process.execPath];
    await assert.rejects(script("install.sh", "--databases", ...node, ...release("r1")), ({ stderr }) => {
      assert.match(stderr, /\/etc\/shop\/tls\/cert\.pem\n\s+\/etc\/shop\/tls\/key\.pem/);
      return true;
    });
    for (const [file, text] of Object.entries({ cert, key })) {
      await machine.run(`printf '%s' '${text}' > /etc/shop/tls/${file}.pem`);
    }
    await script("install.sh", "--databases", ...node, ...release("r1"));
    assert.equal(await serves(), "releases/r1");
    assert.match(await ask("/users/ada"), /Ada Lovelace/);
  });

  test("each process has a user of its own, which cannot read the credentials of others", async () => {
    for (const service of services) {
      const unit = `shop-${service}@r1.service`;
      const { stdout } = await machine.run(`ps -o user:32= -p "$(systemctl show -p MainPID --value ${unit})"`);
      assert.equal(stdout.trim(), `shop-${service}`);
    }
    const peek =
      "runuser -u shop-orders -- cat /run/credentials/shop-users@r1.service/USERS_PASSWORD /etc/shop/credentials/USERS_PASSWORD";
    await assert.rejects(machine.run(peek), ({ stderr }) => (stderr.match(/Permission denied/g) ?? []).length === 2);
  });

  test("upgrade.sh fails no request", async (t) => {
    await underLoad(t, () => script("upgrade.sh", ...release("r2")));
    assert.equal(await serves(), "releases/r2");
  });

  test("a release that does not start changes nothing", async (t) => {
    await cp(join(dir, "build"), join(dir, "broken"), { recursive: true });
    const file = (await readdir(join(dir, "broken/services"))).find((name) => /^users\b.*\.m?js$/.test(name));
    const place = join(dir, "broken/services", file);
    await writeFile(place, `throw new Error("broken on purpose");\n${await readFile(place, "utf8")}`);
    await underLoad(t, () =>
      assert.rejects(script("upgrade.sh", ...release("r3", "broken")), ({ stderr }) => {
        assert.match(stderr, /broken on purpose/);
        return /release r3 does not run; r2 serves on/.test(stderr);
      }),
    );
    assert.equal(await serves(), "releases/r2");
    assert.equal((await machine.run("systemctl list-units --state=failed --no-legend 'shop*'")).stdout, "");
  });

  test("rollback.sh fails no request either", async (t) => {
    await underLoad(t, () => script("rollback.sh"));
    assert.equal(await serves(), "releases/r1");
  });

  test("comes back when the machine is started again", async () => {
    await machine.reboot();
    await eventually("the shop to serve", async () => (await ask("/users/ada").catch(() => "")).includes("Ada"));
    const { stdout } = await machine.run("/opt/shop/current/deploy/host.sh status");
    assert.match(stdout, /release r1; before it r2/);
    assert.equal(stdout.match(/ active$/gm)?.length, services.length);
  });
});
