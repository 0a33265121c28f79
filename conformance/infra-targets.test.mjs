// Each infra.json that a target of `tenon deploy` writes, wherever in its files it stands, is one that a process can read; those of whole files
// are complete for the part of the app that they are for, with nothing to spare.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { parseAllDocuments } from "yaml";
import { root, runTenon } from "./harness/tenon.mjs";
import { misfits } from "./infra/schema.test.support.mjs";

const { deriveDeployment, findTarget, readSettings } = await import(join(root, "packages/deploy/dist/index.js"));
const { resolveInfra } = await import(join(root, "packages/tenon/dist/start/infra.js"));
const { surveyRequirements } = await import(join(root, "packages/tenon/dist/start/requirements.js"));
const { unusedParts } = await import(join(root, "packages/tenon/dist/start/infra-unused.js"));
const schema = JSON.parse(await readFile(join(root, "packages/tenon/infra.schema.json"), "utf8"));

const asked = [
  ["compose", {}],
  ["kubernetes", { databaseHost: "db:5432", cacheHost: "cache", objectStoreUrl: "https://store", format: "yaml" }],
  ["vm", {}],
  ["terraform", { cloud: "aws" }],
  ["terraform", { cloud: "google" }],
  ["terraform", { cloud: "azure" }],
  ["terraform", { cloud: "aws", broker: "managed" }],
  ["terraform", { cloud: "google", broker: "managed" }],
];

describe("infra.json of deployments", () => {
  let graph;
  before(async () => {
    const shop = await runTenon(["graph", join(root, "examples/shop")]);
    assert.equal(shop.code, 0, shop.stderr);
    graph = withMore(JSON.parse(shop.stdout));
  });

  for (const [name, given] of asked) {
    test(`${name} ${JSON.stringify(given)}`, async () => {
      const target = findTarget(name);
      const settings = readSettings(target, given, {});
      const files = target.render({ deployment: deriveDeployment(graph, "per-service"), graph, settings });
      const found = files.flatMap(({ path, text }) => infrasIn(path, text).map((content) => ({ path, content })));
      // One for each service and the public door, at least.
      assert.ok(found.length >= graph.services.length + 1, `${found.length} in ${files.map(({ path }) => path)}`);
      for (const { path, content } of found) {
        const { infra, values } = await resolveInfra(content, { environment: {}, folder: root, withoutValues: true });
        assert.deepEqual(values.problems, [], path);
        assert.deepEqual(values.notices, [], path);
        assert.deepEqual(misfits(schema, content), [], path);
        const unit = /(?:^|\/)infra\/([^/]+)\.json$/.exec(path)?.[1];
        if (unit !== undefined) assertComplete(unit, infra);
      }
    });
  }

  function assertComplete(unit, infra) {
    const isDoor = unit === "gateway";
    const hosting = { services: isDoor ? [] : [unit], hasGateway: isDoor, leadsEverywhere: isDoor };
    const { missing } = surveyRequirements(graph, hosting, infra, {});
    assert.deepEqual(missing, [], unit);
    assert.deepEqual(unusedParts(graph, hosting, infra), [], unit);
  }
});

/** What the shop does without. */
function withMore(graph) {
  const { location } = graph.services[0].endpoints[0];
  const services = graph.services.map((service) =>
    service.name === "payments" ? { ...service, secrets: ["StripeKey"] } : service,
  );
  return {
    ...graph,
    services,
    secrets: [{ name: "StripeKey", services: ["payments"], location }],
    buckets: [{ name: "photos", isPublic: false, isVersioned: false, services: ["products"], location }],
    caches: [{ name: "sessions", evictionPolicy: "allkeys-lru", services: ["users"], location }],
  };
}

function infrasIn(path, text) {
  if (path.endsWith(".json")) return within(JSON.parse(text));
  if (!/\.ya?ml$/.test(path)) return [];
  return parseAllDocuments(text, { customTags: [{ tag: "!reset", resolve: () => null }] }).flatMap((document) =>
    within(document.toJS()),
  );
}

/** At any depth, also as JSON in a text. */
function within(value) {
  if (typeof value === "string") {
    return value.trimStart().startsWith("{") && value.includes("graceful_shutdown") ? within(JSON.parse(value)) : [];
  }
  if (typeof value !== "object" || value === null) return [];
  if (value.graceful_shutdown !== undefined) return [withoutInterpolation(value)];
  return Object.values(value).flatMap(within);
}

/** What Terraform fills in. */
function withoutInterpolation(value) {
  if (typeof value === "string")
    return /^\$\{.*\}$/.test(value) ? { $env: "X" } : value.replaceAll(/\$\{[^}]*\}/g, "x");
  if (Array.isArray(value)) return value.map(withoutInterpolation);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutInterpolation(item)]));
}
