// The jobs of a pipeline on three platforms: the same lines in the same order, nothing deployed without being asked for, no secret in a line.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { deriveDeployment } from "../../deployment/derive-deployment.ts";
import { sampleGraph } from "../../deployment/sample-graph.test.support.ts";
import { readSettings } from "../../settings.ts";
import type { Target } from "../../target.ts";
import { type Job, resources } from "./resources.ts";
import { pipelineSettings } from "./settings.ts";
import { azurePipelinesTarget, githubTarget, gitlabTarget } from "./target.ts";

const deployment = deriveDeployment(sampleGraph, "per-service");
const everyTarget = ["kubernetes", "compose", "vm"];

function textOf(target: Target, given: unknown): string {
  const [file] = target.render({ deployment, graph: sampleGraph, settings: readSettings(target, given, {}) });
  return file!.text;
}

function jobsOf(given: unknown): readonly Job[] {
  return resources(deployment, pipelineSettings(readSettings(githubTarget, given, {})));
}

test("jobs wait for what they need, and what is deployed was checked and tested", () => {
  for (const deployTarget of everyTarget) {
    const jobs = jobsOf({ deployTarget });
    const before = (name: string): string[] =>
      jobs.find((job) => job.name === name)!.needs.flatMap((need) => [...before(need), need]);
    const own = deployTarget === "vm" ? [] : ["images", "migrate"];
    assert.deepEqual(new Set(before("deploy")), new Set(["check", "test", "build", ...own]), deployTarget);
    assert.deepEqual(
      jobs.filter(({ when }) => when === "rollback").map(({ name }) => name),
      ["rollback"],
    );
  }
});

test("an app without migrations has no job for them", () => {
  const graph = { ...sampleGraph, databases: [], topics: [] };
  const settings = pipelineSettings(readSettings(githubTarget, {}, {}));
  const names = resources(deriveDeployment(graph, "per-service"), settings).map(({ name }) => name);
  assert.deepEqual(names, ["check", "test", "build", "images", "deploy", "rollback"]);
});

test("every platform runs every line, in its order", () => {
  for (const target of [githubTarget, gitlabTarget, azurePipelinesTarget]) {
    for (const deployTarget of everyTarget) {
      const given = { deployTarget, perUnitImages: true, registry: "images.example.com/acme" };
      const text = textOf(target, given);
      assert.equal(textOf(target, given), text);
      const scripts = [...scriptsIn(parse(text))].join("\n");
      let from = 0;
      for (const line of jobsOf(given).flatMap(({ lines }) => lines)) {
        const at = scripts.indexOf(line, from);
        assert.ok(at >= 0, `${target.name}, ${deployTarget}: ${line}`);
        from = at + line.length;
      }
    }
  }
});

test("a person is asked before anything is changed where the app runs", () => {
  const github = parse(textOf(githubTarget, {})).jobs;
  const gitlab = parse(textOf(gitlabTarget, {}));
  const azure = parse(textOf(azurePipelinesTarget, {})).stages as { stage: string; jobs: { environment?: string }[] }[];
  for (const name of ["migrate", "deploy", "rollback"]) {
    assert.equal(github[name].environment, "production", name);
    assert.deepEqual(gitlab[name].environment, { name: "production" }, name);
    assert.equal(azure.find(({ stage }) => stage === name)?.jobs[0]?.environment, "production", name);
  }
  assert.equal(gitlab.migrate.rules[0].when, "manual");
  assert.equal(gitlab.rollback.rules[0].when, "manual");
  for (const name of ["check", "test", "build"]) assert.equal(github[name].environment, undefined, name);
});

test("what a person types, and what is secret, is in no line of shell", () => {
  for (const target of [githubTarget, azurePipelinesTarget]) {
    for (const deployTarget of everyTarget) {
      for (const script of scriptsIn(parse(textOf(target, { deployTarget })))) {
        assert.doesNotMatch(script, /\$\{\{/, script);
      }
    }
  }
});

test("resources are the jobs", () => {
  for (const target of [githubTarget, gitlabTarget, azurePipelinesTarget]) {
    const found = target.resourcesIn("any", textOf(target, {}))!;
    for (const name of ["check", "images", "rollback"]) assert.ok(found.has(`job/${name}`), `${target.name} ${name}`);
    assert.equal(target.resourcesIn("any", "jobs: ["), undefined);
  }
});

test("settings that cannot be meant are refused", () => {
  for (const given of [{ deployTarget: "heroku" }, { branch: "a b" }, { nodeVersion: "lts" }, { namespace: "A" }]) {
    assert.throws(() => readSettings(githubTarget, given, {}), { code: "setting_invalid" }, JSON.stringify(given));
  }
});

/** Texts of `run` (GitHub), `script` (GitLab, Azure), in the order of the file. */
function* scriptsIn(value: unknown): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    const isScript = key === "run" || key === "script";
    if (isScript && typeof item === "string") yield item;
    else if (isScript && Array.isArray(item)) yield item.join("\n");
    else yield* scriptsIn(item);
  }
}
