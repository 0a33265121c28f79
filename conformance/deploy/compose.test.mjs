// `tenon deploy compose`: every process finds in its infra.json what it needs, and the files hold against the schema of the Compose
// specification.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { deriveDeployment, findTarget, readSettings } from "@tenon/deploy";
import { parse } from "yaml";
import { noSchemas, schemaProblems } from "../harness/published-schemas.mjs";
import { root } from "../harness/tenon.mjs";
import { checkUnitInfra, placements } from "../harness/unit-infra.mjs";

const { sampleGraph: graph } = await import(join(root, "packages/deploy/dist/deployment/sample-graph.test.support.js"));
const target = findTarget("compose");

function render(placement, given) {
  const deployment = deriveDeployment(graph, placement);
  const files = target.render({ deployment, graph, settings: readSettings(target, given, {}) });
  const textOf = (path) => files.find((file) => file.path === path).text;
  return { deployment, textOf, compose: parse(textOf("compose.yaml")) };
}

/** As Compose fills it in, with a value for everything. */
function filledIn(environment) {
  const fill = (text) => text.replaceAll(/\$\{(\w+):[?-][^}]*\}/g, (_, name) => `value-of-${name}`);
  return Object.fromEntries(Object.entries(environment).map(([name, text]) => [name, fill(text)]));
}

describe("tenon deploy compose", () => {
  for (const broker of ["postgres", "nats", "redis"]) {
    test(`every process finds what it needs, with messages in ${broker}`, async () => {
      for (const placement of placements) {
        const { deployment, textOf, compose } = render(placement, { broker });
        for (const unit of deployment.units) {
          const environment = filledIn(compose.services[unit.name].environment);
          await checkUnitInfra({ graph, unit, text: textOf(`infra/${unit.name}.json`), environment });
        }
      }
    });
  }

  test("compose.yaml is what the specification allows", { skip: noSchemas }, () => {
    for (const given of [{}, { broker: "nats" }, { broker: "redis", objectsUrl: "https://files.example.com" }]) {
      for (const placement of placements) {
        assert.deepEqual(schemaProblems("compose-spec", render(placement, given).compose), []);
      }
    }
    const { compose } = render("single", {});
    const broken = { ...compose, services: { app: { ...compose.services.app, imagee: "x" } } };
    assert.notDeepEqual(schemaProblems("compose-spec", broken), []);
  });
});
