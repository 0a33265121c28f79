// What holds for every target: the same app gives the same bytes, an edit of a person survives, and a service more changes what has to do
// with it and nothing else.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { deriveDeployment } from "../deployment/derive-deployment.ts";
import { graphOf, type ServiceSketch } from "../deployment/testing-graph.test.support.ts";
import { diffResources } from "../files/diff-resources.ts";
import type { GeneratedFile } from "../files/generated-file.ts";
import { planFiles } from "../files/plan-files.ts";
import { writeFiles } from "../files/write-files.ts";
import { readSettings } from "../settings.ts";
import type { Target } from "../target.ts";
import { targets } from "./targets.ts";

const shop: Record<string, ServiceSketch> = {
  orders: {
    endpoints: ["+create"],
    calls: ["users.get"],
    databases: ["orders"],
    publishes: ["placed"],
    secrets: ["SigningKey"],
  },
  stock: { endpoints: ["+list"], databases: ["stock"], subscribes: ["placed/reserve"] },
  users: { endpoints: ["+get"], databases: ["users"] },
};
const reviews: ServiceSketch = { endpoints: ["+write"], calls: ["users.get"], databases: ["reviews"] };

/** Of targets that have several forms, or ask for something: what is tried. */
const variants: Readonly<Record<string, readonly Record<string, unknown>[]>> = {
  kubernetes: [
    { databaseHost: "db.internal" },
    { databaseHost: "db.internal", format: "yaml" },
    { databaseHost: "db.internal", format: "helm" },
    { engines: true },
  ],
  terraform: [
    { cloud: "aws" },
    { cloud: "google" },
    { cloud: "azure" },
    { cloud: "aws", broker: "managed" },
    { cloud: "google", broker: "managed" },
    { cloud: "aws", broker: "managed", runsOn: "kubernetes" },
    { cloud: "google", broker: "managed", runsOn: "kubernetes" },
    { cloud: "azure", runsOn: "kubernetes" },
  ],
  lambda: [{ elsewhere: { stock: "https://stock.internal" } }],
  gcf: [{ elsewhere: { stock: "https://stock.internal" } }],
  "azure-functions": [{ elsewhere: { stock: "https://stock.internal" } }],
};

/** Pipelines build and deploy the app as a whole. */
const withoutServices = ["github", "gitlab", "azure-pipelines"];

function render(target: Target, services: Record<string, ServiceSketch>, given: unknown): readonly GeneratedFile[] {
  const graph = graphOf(services);
  const settings = readSettings(target, given, {});
  return target.render({ deployment: deriveDeployment(graph, "per-service"), graph, settings });
}

function resourcesOf(target: Target, files: readonly GeneratedFile[]): Map<string, unknown> {
  const entries = files.flatMap(({ path, text }) => [
    ...(target.resourcesIn(path, text) ?? [[`file/${path}`, text.split("\n")] as const]),
  ]);
  assert.equal(new Set(entries.map(([id]) => id)).size, entries.length, "each resource has an id of its own");
  return new Map(entries);
}

for (const target of targets) {
  for (const given of variants[target.name] ?? [{}]) {
    describe(`${target.name} ${JSON.stringify(given)}`, () => {
      it("gives the same bytes for the same app, in files that end with a newline", () => {
        const files = render(target, shop, given);
        assert.deepEqual(render(target, shop, given), files);
        assert.equal(new Set(files.map(({ path }) => path)).size, files.length);
        for (const { path, text } of files) assert.match(text, /[^\n]\n$/, path);
      });

      it("changes what has to do with a new service, and nothing else", () => {
        const before = resourcesOf(target, render(target, shop, given));
        const changes = diffResources(before, resourcesOf(target, render(target, { ...shop, reviews }, given)));
        const isAdded = changes.some(({ kind, id }) => kind === "added" && id.includes("reviews"));
        assert.equal(isAdded, !withoutServices.includes(target.name));
        for (const change of changes) {
          // The public door leads to it: its configuration has another hash in its name.
          const isAbout =
            change.kind === "added" ? /reviews/i.test(change.id) : /reviews|gateway/i.test(JSON.stringify(change));
          assert.ok(isAbout && change.kind !== "removed", JSON.stringify(change));
          assert.doesNotMatch(change.id, /orders|stock/i, JSON.stringify(change));
        }
      });

      it("keeps what a person has changed", async (t) => {
        const dir = mkdtempSync(join(tmpdir(), "tenon-target-"));
        t.after(() => rmSync(dir, { recursive: true, force: true }));
        const write = async (services: Record<string, ServiceSketch>) => {
          const files = render(target, services, given);
          const plan = await planFiles(dir, files);
          await writeFiles(dir, target.name, files, plan);
          return plan;
        };
        const [first] = await write(shop);
        const file = join(dir, first!.path);
        const edited = `${readFileSync(file, "utf8")}\n# mine\n`;
        writeFileSync(file, edited);
        const again = await write({ ...shop, reviews });
        assert.ok(again.every(({ path, action }) => path !== first!.path || action === "keep" || action === "beside"));
        assert.equal(readFileSync(file, "utf8"), edited);
      });
    });
  }
}
