// The files of machines: the same bytes for the same app, each process gets what its infra.json names and nothing else, and systemd and the shell
// understand what they are given.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { GeneratedFile } from "../../files/generated-file.ts";
import { findTarget } from "../targets.ts";
import { userOf } from "./names.ts";
import { vmTarget } from "./target.ts";
import { parseUnitFile } from "./unit-file.ts";
import { sampleInput } from "./vm.test.support.ts";

const files = (given = {}, options = {}) => vmTarget.render(sampleInput(given, options));
const textOf = (all: readonly GeneratedFile[], path: string) => {
  const file = all.find((one) => one.path === path);
  assert.ok(file, path);
  return file.text;
};
const unitOf = (all: readonly GeneratedFile[], name: string) => parseUnitFile(textOf(all, `systemd/${name}`));

/** Of `{"$file": ...}` or `{"$env": ...}` anywhere inside. */
function references(value: unknown, key: "$file" | "$env"): string[] {
  if (typeof value !== "object" || value === null) return [];
  const own = (value as Record<string, unknown>)[key];
  return [...(typeof own === "string" ? [own] : []), ...Object.values(value).flatMap((one) => references(one, key))];
}

test("the same app gives the same bytes, under either name of the target", () => {
  assert.deepEqual(files(), files());
  assert.equal(findTarget("systemd"), vmTarget);
});

for (const given of [
  {},
  { broker: "nats" },
  { broker: "redis", databaseHost: "db.internal", databaseCa: "/etc/ssl/db.pem", cacheHost: "cache.internal" },
]) {
  test(`each process is given the files and addresses that its infra.json names, and no other: ${JSON.stringify(given)}`, () => {
    const all = files(given);
    for (const { name } of sampleInput().deployment.units) {
      const infra = JSON.parse(textOf(all, `infra/${name}.json`)) as unknown;
      const { Service = {} } = unitOf(all, `sample-${name}@.service`);
      const loaded = (Service["LoadCredential"] ?? []).map((entry) => entry.split(":")[0]!);
      const isFree = (credential: string) => credential !== "infra.json" && credential !== "database-ca.pem";
      const wanted = new Set(references(infra, "$file").filter(isFree));
      assert.deepEqual(loaded.filter(isFree).toSorted(), [...wanted].sort(), name);
      const addresses = (Service["Environment"] ?? [])
        .map((entry) => entry.split("=")[0]!)
        .filter((one) => one.endsWith("_URL"));
      assert.deepEqual(addresses, [...new Set(references(infra, "$env"))].sort(), name);
    }
  });
}

test("no value of a secret stands in a file: what has to be written on the host is listed", () => {
  const settings = textOf(files(), "settings.sh");
  assert.match(settings, /^credentials='.*StripeKey.*'$/m);
  assert.match(settings, /^own_credentials='TENON_KEY'$/m);
});

test("the public door starts last, on the sockets of systemd, with a user of its own and without capabilities", () => {
  const all = files();
  const { Unit = {}, Service = {} } = unitOf(all, "sample-gateway@.service");
  assert.ok(Unit["After"]?.includes("sample-orders@%i.service"));
  assert.deepEqual(Service["Sockets"], ["sample.socket", "sample-redirect.socket"]);
  assert.deepEqual(Service["CapabilityBoundingSet"], [""]);
  assert.deepEqual(Service["User"], ["sample-gateway"]);
  assert.equal(unitOf(all, "sample-orders@.service")["Service"]?.["Sockets"], undefined);
  assert.deepEqual(unitOf(all, "sample.socket")["Socket"]?.["ListenStream"], ["443"]);
});

test("without TLS there is one socket, and no certificate is asked for", () => {
  const all = files({ plainHttp: true });
  assert.equal(
    all.find(({ path }) => path.endsWith("redirect.socket")),
    undefined,
  );
  assert.deepEqual(unitOf(all, "sample.socket")["Socket"]?.["ListenStream"], ["80"]);
  assert.match(textOf(all, "settings.sh"), /^tls_user=''$/m);
});

test("a process has as long to end as its requests, and some more", () => {
  const all = files({ shutdownSeconds: 40 });
  assert.deepEqual(unitOf(all, "sample-orders@.service")["Service"]?.["TimeoutStopSec"], ["45"]);
  assert.equal(
    (JSON.parse(textOf(all, "infra/orders.json")) as { graceful_shutdown: { total: number } }).graceful_shutdown.total,
    40,
  );
});

test("names of users stay within what systems take, and apart", () => {
  const long = "a-name-that-is-much-longer-than-others";
  assert.equal(userOf("shop", "orders"), "shop-orders");
  assert.ok(userOf("shop", long).length <= 31);
  assert.notEqual(userOf("shop", `${long}-1`), userOf("shop", `${long}-2`));
});

test("what does not go together is refused", () => {
  const code = (given: object, options = {}) => {
    try {
      files(given, options);
      return "none";
    } catch (error) {
      return (error as { code?: string }).code;
    }
  };
  assert.equal(code({ hosts: ["a", "b"] }), "setting_invalid");
  assert.equal(code({ port: 80 }), "setting_invalid");
  assert.equal(code({ objectStorage: "files", domain: "shop.test" }), "target_unable");
  assert.equal(code({ objectStorage: "files" }, { placement: "single" }), "target_unable");
  assert.equal(code({ objectStorage: "files", domain: "shop.test" }, { placement: "single" }), "none");
  assert.equal(code({}, { placement: { ["x".repeat(63)]: ["orders"], ["y".repeat(50)]: ["media"] } }), "none");
});

test("units and infra files are resources, each by its name", () => {
  const all = files();
  const ids = all.flatMap(({ path, text }) => [...(vmTarget.resourcesIn(path, text)?.keys() ?? [])]);
  assert.ok(ids.includes("unit/sample-orders@.service"));
  assert.ok(ids.includes("infra/orders"));
  assert.equal(vmTarget.resourcesIn("host.sh", "#!/bin/sh\n"), undefined);
});

const hasTool = (tool: string) => spawnSync(tool, ["--version"]).error === undefined;

describe("as the tools see them", { skip: process.platform === "linux" ? false : "systemd is on Linux" }, () => {
  let dir: string;
  const all = files({ backup: true, memoryMax: "512M", domain: "shop.test" });
  before(() => {
    dir = mkdtempSync(join(tmpdir(), "tenon-vm-"));
    for (const { path, text } of all) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    }
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  const run = (tool: string, args: string[], env = {}) => {
    const { status, stdout, stderr } = spawnSync(tool, args, {
      cwd: dir,
      encoding: "utf8",
      env: { ...process.env, ...env },
    });
    return { status, output: `${stdout}${stderr}` };
  };
  const scripts = all.map(({ path }) => path).filter((path) => path.endsWith(".sh"));

  test("scripts are POSIX sh", () => {
    for (const script of scripts) assert.deepEqual(run("sh", ["-n", script]), { status: 0, output: "" });
  });

  test("shellcheck has nothing to say", { skip: hasTool("shellcheck") ? false : "shellcheck is not installed" }, () => {
    assert.deepEqual(run("shellcheck", ["-x", "-P", "SCRIPTDIR", ...scripts]), { status: 0, output: "" });
  });

  test("systemd takes every unit", { skip: hasTool("systemd-analyze") ? false : "systemd is not installed" }, () => {
    const names = all.filter(({ path }) => path.startsWith("systemd/")).map(({ path }) => basename(path));
    for (const name of names) {
      // It looks at what is there: programs of a release are not.
      const text = textOf(all, `systemd/${name}`).replaceAll(/^(Exec\w+=)\S+/gm, `$1${process.execPath}`);
      writeFileSync(join(dir, "systemd", name), text);
    }
    const instances = names.map((name) => join(dir, "systemd", name.replace("@.", "@r1.")));
    const { status, output } = run("systemd-analyze", ["verify", "--man=no", ...instances], {
      SYSTEMD_UNIT_PATH: `${join(dir, "systemd")}:`,
    });
    const own = output.split("\n").filter((line) => line.includes("sample"));
    assert.deepEqual({ status, own }, { status: 0, own: [] }, output);
  });
});
