// prepare-cluster.sh against programs that answer like terraform, kubectl and the cloud's command line: which values come into which Secret, that the
// administrator's password does not stay, and that a Job that fails ends it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { render } from "../render.ts";
import { type CloudName, clouds } from "../settings.ts";
import { sampleInput } from "../terraform.test.support.ts";

const isWindows = process.platform === "win32";

interface Outcome {
  readonly status: number | null;
  readonly stderr: string;
  /** Of kubectl, in order. */
  readonly calls: readonly string[];
  /** Secret -> key -> value, as they were when they were put. */
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Files that are left in the folder for temporary ones. */
  readonly left: readonly string[];
}

/** `job`: whether the Job ends well. */
const programs = (dir: string, job: "complete" | "failed"): Readonly<Record<string, string>> => ({
  terraform: 'case "$3" in name|namespace) echo shop ;; *) echo "the $3" ;; esac',
  aws: 'case "$4" in "the database_administrator") echo \'{"username":"a","password":"p$w"}\' ;; *) echo "value of $4" ;; esac',
  gcloud: 'echo "value of $8"',
  az: 'echo "value of $7"',
  kubectl: `echo "$@" >> "${dir}/calls"
case "$*" in
  *--from-file*) for one in "$@"; do case "$one" in --from-file=*) cp -R "\${one#--from-file=}" "${dir}/secrets/$4" ;; esac; done ;;
  *condition=complete*) [ ${job} = complete ] ;;
  *condition=failed*) [ ${job} = failed ] ;;
  "apply "*"-f -") cat >/dev/null ;;
esac`,
});

function scriptOf(cloud: CloudName): string {
  const files = render(sampleInput(cloud, "per-service", { runsOn: "kubernetes" }));
  return files.find(({ path }) => path === "prepare-cluster.sh")!.text;
}

function run(cloud: CloudName, job: "complete" | "failed" = "complete"): Outcome {
  const dir = mkdtempSync(join(tmpdir(), "tenon-cluster-"));
  try {
    for (const folder of ["bin", "secrets", "temporary"]) mkdirSync(join(dir, folder));
    writeFileSync(join(dir, "calls"), "");
    for (const [name, text] of Object.entries(programs(dir, job))) {
      writeFileSync(join(dir, "bin", name), `#!/bin/sh\n${text}\n`);
      chmodSync(join(dir, "bin", name), 0o755);
    }
    writeFileSync(join(dir, "prepare-cluster.sh"), scriptOf(cloud));
    const env = { PATH: `${join(dir, "bin")}:${process.env["PATH"]}`, TMPDIR: join(dir, "temporary") };
    const { status, stderr } = spawnSync("sh", [join(dir, "prepare-cluster.sh")], { env, encoding: "utf8" });
    const secrets = readdirSync(join(dir, "secrets")).map((name) => [name, filesIn(join(dir, "secrets", name))]);
    return {
      status,
      stderr,
      calls: readFileSync(join(dir, "calls"), "utf8").trim().split("\n"),
      secrets: Object.fromEntries(secrets),
      left: readdirSync(join(dir, "temporary")),
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function filesIn(folder: string): Record<string, string> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

for (const [cloud, nameOf] of [
  ["aws", (secret: string) => `shop/${secret}`],
  ["google", (secret: string) => `shop-${secret}`],
  ["azure", (secret: string) => secret.toLowerCase()],
] as const) {
  test(`${cloud}: the app's Secret and the Job's get the values of the cloud's store`, { skip: isWindows }, () => {
    const { status, stderr, secrets, calls, left } = run(cloud);
    assert.equal(status, 0, stderr);
    const value = (secret: string) => `value of ${nameOf(secret)}`;
    assert.equal(secrets["sample-secrets"]!["LEDGER_PASSWORD"], value("database-ledger"));
    assert.equal(secrets["sample-secrets"]!["StripeKey"], value("secret-StripeKey"));
    assert.equal(secrets["provision-databases"]!["LEDGER_PASSWORD"], value("database-ledger"));
    assert.equal(secrets["provision-databases"]!["PGHOST"]!.trim(), "the database_host");
    const administrator = cloud === "aws" ? "p$w" : value("database-administrator");
    assert.equal(secrets["provision-databases"]!["PGPASSWORD"], administrator);
    assert.equal(secrets["sample-secrets"]!["PGPASSWORD"], undefined);
    // It is gone when the Job is done, and so are the files.
    assert.match(calls.at(-1)!, /^delete job\/provision-databases secret\/provision-databases --namespace shop/);
    assert.deepEqual(left, []);
  });
}

test("shellcheck has nothing to say", { skip: hasShellcheck() ? false : "shellcheck is not installed" }, () => {
  for (const cloud of clouds) {
    const { status, stdout } = spawnSync("shellcheck", ["-"], { input: scriptOf(cloud), encoding: "utf8" });
    assert.deepEqual({ status, stdout }, { status: 0, stdout: "" }, cloud);
  }
});

function hasShellcheck(): boolean {
  return spawnSync("shellcheck", ["--version"]).status === 0;
}

test("a Job that fails ends it, and its password does not stay", { skip: isWindows }, () => {
  const { status, stderr, calls, left } = run("google", "failed");
  assert.equal(status, 1);
  assert.match(stderr, /databases and roles were not made/);
  assert.ok(calls.some((call) => call.startsWith("logs job/provision-databases")));
  assert.match(calls.at(-1)!, /^delete job\/provision-databases/);
  assert.deepEqual(left, []);
});
