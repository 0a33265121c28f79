// The files: the same bytes for the same app, one model behind three formats, nothing secret, and what the diff makes of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse, parseAllDocuments } from "yaml";
import { sampleGraph, service } from "../../deployment/sample-graph.test.support.ts";
import { diffResources, type Resources } from "../../files/diff-resources.ts";
import type { TargetInput } from "../../target.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";
import { inputFor, objectsFor, sampleInput } from "./kubernetes.test.support.ts";
import { renderKubernetes } from "./render.ts";
import { kubernetesTarget } from "./target.ts";

const formats = ["kustomize", "yaml", "helm"] as const;

function resourcesIn(input: TargetInput): Resources {
  const all = renderKubernetes(input).flatMap(({ path, text }) => {
    const found = kubernetesTarget.resourcesIn(path, text);
    assert.ok(found !== undefined || path === "values.production.yaml", path);
    return [...(found ?? [])];
  });
  assert.equal(new Set(all.map(([id]) => id)).size, all.length, "ids are unique");
  return new Map(all);
}

function textOf(input: TargetInput, path: string): string {
  const file = renderKubernetes(input).find((one) => one.path === path);
  assert.ok(file, path);
  return file.text;
}

test("the same app gives the same bytes", () => {
  for (const format of formats) {
    assert.deepEqual(renderKubernetes(sampleInput({ format })), renderKubernetes(sampleInput({ format })));
  }
});

test("plain YAML says what the model says, in the namespace", () => {
  const input = sampleInput({ format: "yaml", namespace: "shop" });
  const files = renderKubernetes(input).filter(({ path }) => path.startsWith("manifests/"));
  const parsed = files.flatMap(({ text }) =>
    parseAllDocuments(text).map(
      (document) => document.toJS() as KubernetesObject & { metadata: { namespace?: string } },
    ),
  );
  const withoutNamespace = parsed.map(({ metadata: { namespace, ...metadata }, ...rest }) => {
    assert.equal(namespace, rest.kind === "Namespace" ? undefined : "shop");
    return { ...rest, metadata };
  });
  for (const object of objectsFor(input)) {
    const found = withoutNamespace.find(
      ({ kind, metadata }) => kind === object.kind && metadata.name === object.metadata.name,
    );
    assert.deepEqual(found, JSON.parse(JSON.stringify(object)));
  }
});

test("Kustomize names every file there is", () => {
  const files = renderKubernetes(sampleInput()).map(({ path }) => path);
  const base = parse(textOf(sampleInput(), "base/kustomization.yaml")) as {
    resources: string[];
    configMapGenerator: { files: string[] }[];
  };
  const named = [...base.resources, ...base.configMapGenerator.flatMap(({ files: [file] }) => file!.split("=")[1]!)];
  const made = files
    .filter((path) => path.startsWith("base/") && path !== "base/kustomization.yaml")
    .map((path) => path.slice(5));
  assert.deepEqual([...new Set(named)].sort(), made.toSorted());
});

test("a chart leaves open what its values have, and nothing else", () => {
  const input = sampleInput({ format: "helm", publicHost: "shop.example.com" });
  const values = parse(textOf(input, "chart/values.yaml")) as Record<string, unknown>;
  const templates = renderKubernetes(input).filter(({ path }) => path.startsWith("chart/templates/"));
  const used = templates.flatMap(({ text }) =>
    [...text.matchAll(/\{\{ (.*?) \}\}/g)].map(([, expression]) => expression!),
  );
  assert.ok(used.length > 20);
  for (const expression of used) {
    const [, unit, key] = /^(?:toJson )?\(index \.Values\.units "([^"]+)"\)\.(\w+)$/.exec(expression) ?? [];
    const path = unit === undefined ? expression.replace(/^\.Values\./, "").split(".") : ["units", unit, key!];
    const value = path.reduce<unknown>((at, one) => (at as Record<string, unknown> | undefined)?.[one], values);
    assert.notEqual(value, undefined, expression);
  }
  assert.ok(templates.every(({ text }) => !text.includes("@@")));
});

test("migrations of a chart run before the rest, after what they need", () => {
  const documents = parseAllDocuments(
    textOf(sampleInput({ format: "helm" }), "chart/templates/migrations.yaml").replaceAll(
      /: (\{\{.*\}\})$/gm,
      ": '$1'",
    ),
  );
  const objects = documents.map((document) => document.toJS() as KubernetesObject);
  assert.deepEqual([...new Set(objects.map(({ kind }) => kind))].sort(), [
    "ConfigMap",
    "Job",
    "NetworkPolicy",
    "ServiceAccount",
  ]);
  for (const { kind, metadata } of objects) {
    assert.equal(metadata.annotations?.["helm.sh/hook"], "pre-install,pre-upgrade");
    assert.equal(metadata.annotations?.["helm.sh/hook-weight"], kind === "Job" ? "0" : "-5");
  }
});

test("overlays and values are the user's", () => {
  const own = (format: string) =>
    renderKubernetes(sampleInput({ format }))
      .filter(({ isUsers }) => isUsers)
      .map(({ path }) => path);
  assert.deepEqual(own("kustomize"), ["overlays/production/kustomization.yaml", "overlays/staging/kustomization.yaml"]);
  assert.deepEqual(own("helm"), ["values.production.yaml"]);
  assert.deepEqual(own("yaml"), []);
});

test("the list of secret values has every key that an object refers to", () => {
  for (const given of [{}, { engines: true }, { broker: "nats", brokerUser: "app", cachePassword: true }]) {
    const input = sampleInput({ format: "yaml", ...given });
    const files = renderKubernetes(input);
    const referred = files.flatMap(({ text }) =>
      [...text.matchAll(/secretKeyRef:\n\s+name: sample-secrets\n\s+key: (\w+)/g)].map(([, key]) => key!),
    );
    const listed = [...textOf(input, "secrets.example.env").matchAll(/^(\w+)=(.*)$/gm)];
    assert.deepEqual(
      listed.map(([, key]) => key),
      [...new Set(referred)].sort(),
    );
    for (const [, key, value] of listed) assert.equal(value, "", key);
  }
});

test("another service: the diff has its objects, and those that deal with it", () => {
  for (const format of formats) {
    const graph = {
      ...sampleGraph,
      services: [
        ...sampleGraph.services,
        service("reviews", { calls: [{ service: "orders", endpoint: "get" }], secrets: [] }),
      ],
    };
    const changes = diffResources(resourcesIn(sampleInput({ format })), resourcesIn(inputFor(graph, { format })));
    const infra = format === "kustomize" ? "Config/reviews.json" : "ConfigMap/reviews-infra";
    const expected = [
      infra,
      ...[
        "Deployment",
        "HorizontalPodAutoscaler",
        "NetworkPolicy",
        "PodDisruptionBudget",
        "Service",
        "ServiceAccount",
      ].map((kind) => `${kind}/reviews`),
    ];
    const added = changes.flatMap((change) => (change.kind === "added" ? [change.id] : []));
    assert.deepEqual(added.toSorted(), expected.toSorted(), format);
    const others = changes.filter(({ kind }) => kind !== "added").map(({ id }) => id);
    const lists = { kustomize: ["File/base/kustomization.yaml"], yaml: [], helm: ["File/chart/values.yaml"] }[format];
    assert.deepEqual(others.toSorted(), [...lists, "NetworkPolicy/orders"].toSorted(), format);
  }
});

test("a setting of infra.json changes ConfigMaps, not their identity", () => {
  const changes = diffResources(
    resourcesIn(sampleInput({ format: "yaml" })),
    resourcesIn(sampleInput({ format: "yaml", shutdownSeconds: 30 })),
  );
  assert.ok(changes.every(({ kind }) => kind === "changed"));
  const change = changes.find(({ id }) => id === "ConfigMap/orders-infra");
  assert.ok(change?.kind === "changed");
  assert.ok(
    change.places.some(({ path, after }) => path === "data.infra.json.graceful_shutdown.total" && after === "30"),
  );
});

test("the next steps prepare before they serve", () => {
  const steps = kubernetesTarget.nextSteps(sampleInput());
  const at = (part: string) => steps.findIndex((step) => step.includes(part));
  assert.ok(at("create secret") < at("tenon/phase=prepare"));
  assert.ok(at("tenon/phase=prepare") < at("kubectl wait job"));
  assert.ok(at("kubectl wait job") < steps.length - 1);
});
