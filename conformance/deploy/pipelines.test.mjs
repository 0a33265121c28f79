// `tenon deploy github`, `gitlab`, `azure-pipelines`: the files hold against the schemas of their platforms, every `tenon` in them has these
// options, every script is one that a shell can read, and the scripts of other targets that they run are there.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, test } from "node:test";
import { parseArgs } from "node:util";
import { deriveDeployment, findTarget, optionName, readSettings } from "@tenon/deploy";
import { parse } from "yaml";
import { noSchemas, schemaProblems } from "../harness/published-schemas.mjs";
import { root } from "../harness/tenon.mjs";

const { sampleGraph: graph } = await import(join(root, "packages/deploy/dist/deployment/sample-graph.test.support.js"));
const { loadCommands } = await import(join(root, "packages/tenon/dist/commands/registry.js"));

const platforms = [
  ["github", "github-workflows"],
  ["gitlab", "gitlab-ci"],
  ["azure-pipelines", "azure-pipelines"],
];
const deployTargets = ["kubernetes", "compose", "vm"];
const deployment = deriveDeployment(graph, "per-service");

function pipeline(name, given) {
  const target = findTarget(name);
  const [file] = target.render({ deployment, graph, settings: readSettings(target, given, {}) });
  return parse(file.text);
}

/** The texts of its scripts. */
function scriptsIn(value, key) {
  const isScript = key === "run" || key === "script" || key === "before_script";
  if (isScript && typeof value === "string") return [value];
  if (isScript && Array.isArray(value)) return [value.join("\n")];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => scriptsIn(item, name));
}

describe("pipelines", () => {
  for (const [name, schema] of platforms) {
    test(`${name}: the file is what its platform publishes as right`, { skip: noSchemas }, () => {
      for (const deployTarget of deployTargets) {
        assert.deepEqual(schemaProblems(schema, pipeline(name, { deployTarget })), [], deployTarget);
      }
    });

    test(`${name}: every tenon command has these options, and every script is shell`, async () => {
      const commands = await loadCommands();
      let calls = 0;
      for (const deployTarget of deployTargets) {
        for (const script of scriptsIn(pipeline(name, { deployTarget, perUnitImages: true }))) {
          const { status, stderr } = spawnSync("sh", ["-n"], { input: script, encoding: "utf8" });
          assert.equal(status, 0, `${stderr}\n${script}`);
          for (const [, line] of script.matchAll(/^npx tenon (.*)$/gm)) {
            const [verb, ...args] = line.replaceAll(/"([^"]*)"/g, "$1").split(" ");
            const command = commands.find((one) => one.name === verb);
            assert.ok(command, line);
            const { positionals, values } = parseArgs({ args, options: command.options, allowPositionals: true });
            assert.ok(positionals.length <= command.positionals.length, line);
            if (verb === "deploy") {
              const known = Object.keys(findTarget(positionals[0]).settings).map(optionName);
              for (const option of Object.keys(values)) assert.ok(known.includes(option), `${line}: --${option}`);
            }
            calls++;
          }
        }
      }
      assert.ok(calls > 10, `${calls} calls`);
    });
  }

  test("the scripts of other targets that they run are made by these", () => {
    for (const script of scriptsIn(pipeline("github", { deployTarget: "vm" }))) {
      for (const [, path] of script.matchAll(/deploy\/vm\/(\S+\.sh)/g)) {
        const target = findTarget("vm");
        const files = target.render({
          deployment,
          graph,
          settings: readSettings(target, { domain: "shop.example.com" }, {}),
        });
        assert.ok(
          files.some((file) => file.path === path),
          path,
        );
      }
    }
  });
});
