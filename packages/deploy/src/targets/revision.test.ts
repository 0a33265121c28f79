// Setting `revision`: every target that runs processes tells each of them the commit, and nothing else changes; without it there is no trace of it.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { deriveDeployment } from "../deployment/derive-deployment.ts";
import { graphOf } from "../deployment/testing-graph.test.support.ts";
import { readSettings } from "../settings.ts";
import { targets } from "./targets.ts";

const graph = graphOf({
  orders: { endpoints: ["+create"], calls: ["users.get"] },
  users: { endpoints: ["+get"], databases: ["users"] },
});
const needed: Readonly<Record<string, object>> = {
  kubernetes: { databaseHost: "db.internal" },
  terraform: { cloud: "aws" },
};

for (const target of targets.filter(({ settings }) => settings["revision"] !== undefined)) {
  describe(target.name, () => {
    const texts = (given: object): string => {
      const settings = readSettings(target, { ...needed[target.name], ...given }, {});
      const files = target.render({ deployment: deriveDeployment(graph, "per-service"), graph, settings });
      return files.map(({ text }) => text).join("\n");
    };

    it("tells each process the commit", () => {
      const told = texts({ revision: "4f2c91ab-dirty" }).match(/TENON_REVISION/g) ?? [];
      // Two services and the gateway.
      assert.ok(told.length >= 3, String(told.length));
      assert.match(texts({ revision: "4f2c91ab-dirty" }), /4f2c91ab-dirty/);
    });

    it("says nothing of it without the setting", () => {
      assert.doesNotMatch(texts({}), /TENON_REVISION/);
    });

    it("refuses what is no commit", () => {
      assert.throws(() => readSettings(target, { ...needed[target.name], revision: "a b" }, {}), {
        code: "setting_invalid",
      });
    });
  });
}

it("every target has it that is no pipeline", () => {
  const without = targets.filter(({ settings }) => settings["revision"] === undefined).map(({ name }) => name);
  assert.deepEqual(without, ["github", "gitlab", "azure-pipelines"]);
});
