// An app that grows by a service: what is new is its own, and nobody else's but of those who now talk to it.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Graph } from "@tenon/model";
import { deriveDeployment } from "../../deployment/derive-deployment.ts";
import { endpoint, sampleGraph, service } from "../../deployment/sample-graph.test.support.ts";
import { diffResources, type Resources } from "../../files/diff-resources.ts";
import { sampleInput } from "./compose.test.support.ts";
import { render } from "./render.ts";
import { composeTarget } from "./target.ts";

function resourcesOf(graph: Graph): Resources {
  const files = render({ ...sampleInput(), deployment: deriveDeployment(graph, "per-service"), graph });
  return new Map(files.flatMap(({ path, text }) => [...(composeTarget.resourcesIn(path, text) ?? [])]));
}

test("a new service changes the public door, the engine it uses, and nothing else", () => {
  const location = { file: "reviews/reviews.ts", line: 1, column: 1 };
  const reviews = service("reviews", { endpoints: [endpoint("reviews", "list")], databases: ["reviews"] });
  const database = { name: "reviews", service: "reviews", migrations: "reviews/migrations", location };
  const grown: Graph = {
    ...sampleGraph,
    services: [...sampleGraph.services, reviews],
    databases: [...sampleGraph.databases, database],
  };
  const changes = diffResources(resourcesOf(sampleGraph), resourcesOf(grown));
  assert.deepEqual(
    changes.map(({ kind, id }) => `${kind} ${id}`),
    [
      "changed infra/gateway",
      "added infra/reviews",
      "added network/collector_reviews",
      "added network/gateway_reviews",
      "added network/postgres_reviews",
      "added network/reviews",
      "changed service/collector",
      "changed service/databases",
      "changed service/gateway",
      "added service/migrate-reviews",
      "changed service/postgres",
      "added service/reviews",
    ],
  );
  assert.deepEqual(diffResources(resourcesOf(grown), resourcesOf(grown)), []);
});
