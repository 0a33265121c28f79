// The scripts that Terraform runs, against programs that answer like the clouds' command lines: they end well where the task does, and badly where
// it fails, does not start or cannot be asked about.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runTaskScript } from "./aws/jobs.ts";
import { runJobScript } from "./azure/jobs.ts";

interface Outcome {
  readonly status: number | null;
  readonly stderr: string;
  readonly calls: readonly string[];
}

/** `program` stands in for `name`; it is called with the arguments of the real one. */
function run(script: string, name: string, program: string, environment: Record<string, string>): Outcome {
  const dir = mkdtempSync(join(tmpdir(), "tenon-script-"));
  try {
    const log = join(dir, "calls");
    writeFileSync(log, "");
    writeFileSync(join(dir, name), `#!/bin/sh\necho "$@" >> "${log}"\n${program}\n`);
    // What waits between two questions.
    writeFileSync(join(dir, "sleep"), "#!/bin/sh\n");
    for (const file of [name, "sleep"]) chmodSync(join(dir, file), 0o755);
    writeFileSync(join(dir, "script.sh"), script);
    const env = { PATH: `${dir}:${process.env["PATH"]}`, ...environment };
    const { status, stderr } = spawnSync("sh", [join(dir, "script.sh")], { env, encoding: "utf8" });
    return { status, stderr, calls: readFileSync(log, "utf8").trim().split("\n") };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const ecs = { CLUSTER: "c", TASK_DEFINITION: "d:1", NETWORK: "{}" };

function aws(exitCode: string, task = "arn:task/1"): Outcome {
  const program = `case "$2" in run-task) echo "${task}" ;; wait) exit 0 ;; describe-tasks) echo "${exitCode}" ;; esac`;
  return run(runTaskScript, "aws", program, ecs);
}

test("an ECS task that ends with 0 has run", { skip: process.platform === "win32" }, () => {
  const { status, calls } = aws("0");
  assert.equal(status, 0);
  assert.match(
    calls[0]!,
    /^ecs run-task --cluster c --task-definition d:1 --launch-type FARGATE --network-configuration \{\}/,
  );
  assert.match(calls[1]!, /^ecs wait tasks-stopped --cluster c --tasks arn:task\/1/);
});

test("an ECS task that fails, that never began or was not started ends the apply", {
  skip: process.platform === "win32",
}, () => {
  assert.equal(aws("1").status, 1);
  assert.match(aws("1").stderr, /arn:task\/1 ended with 1/);
  // No exit code: the container was not started.
  assert.equal(aws("None").status, 1);
  assert.match(aws("0", "None").stderr, /did not start d:1/);
});

test("waiting for an ECS task goes on, but not for ever", { skip: process.platform === "win32" }, () => {
  const program = `case "$2" in run-task) echo arn:task/1 ;; wait) exit 255 ;; esac`;
  const { status, calls } = run(runTaskScript, "aws", program, ecs);
  assert.equal(status, 1);
  assert.equal(calls.filter((call) => call.startsWith("ecs wait")).length, 12);
});

test("a job of Container Apps is asked about until it has ended", { skip: process.platform === "win32" }, () => {
  const outcome = (last: string) => {
    const program = `case "$3" in start) echo run-1 ;; execution) if [ -f "$0.asked" ]; then echo ${last}; else touch "$0.asked"; echo Running; fi ;; esac`;
    return run(runJobScript, "az", program, { JOB: "j", RESOURCE_GROUP: "g" });
  };
  const { status, calls } = outcome("Succeeded");
  assert.equal(status, 0);
  assert.equal(calls.length, 3);
  assert.equal(outcome("Failed").status, 1);
  assert.match(outcome("Failed").stderr, /run-1 ended: Failed/);
});
