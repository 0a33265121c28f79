// The shop on Kubernetes: the real command writes the files, kubectl puts Kustomize's together, the real reader of infra.json takes what each
// pod would be given, and the network policies allow what the shop's code calls and nothing else.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { parseAllDocuments } from "yaml";
import { copyApp } from "../harness/app-copy.mjs";
import { root, runTenon } from "../harness/tenon.mjs";

const dist = (path) => import(join(root, "packages", path));
const { Network } = await dist("deploy/dist/targets/kubernetes/network-policy.test.support.js");
const { readInfra } = await dist("tenon/dist/start/infra.js");
const { readHosting } = await dist("tenon/dist/start/hosting.js");
const { findDatabases, findRequirements } = await dist("tenon/dist/start/requirements.js");

const hasKubectl = spawnSync("kubectl", ["version", "--client"]).status === 0;
const namespace = "shop";

describe("the shop on Kubernetes", () => {
  let copy;
  let graph;
  let objects;
  const deploy = (format, ...options) =>
    runTenon([
      "deploy",
      "kubernetes",
      copy.dir,
      "-o",
      join(copy.dir, "deploy", format),
      "--format",
      format,
      "--database-host",
      "db.internal:5432",
      ...options,
    ]);

  before(async () => {
    copy = await copyApp("examples/shop");
    for (const format of ["yaml", "kustomize"]) {
      const { code, stdout, stderr } = await deploy(format);
      assert.equal(code, 0, stdout + stderr);
    }
    graph = JSON.parse(await readFile(join(copy.dir, ".tenon/app.json"), "utf8"));
    objects = await plainObjects(join(copy.dir, "deploy/yaml"));
  });
  after(() => copy?.remove());

  test("between its pods, the network lets pass what the code calls, and nothing else", () => {
    const pods = new Map(
      templatesOf(objects).map(({ metadata: { labels } }, index) => [
        labels["app.kubernetes.io/name"],
        { namespace, labels, ip: `10.1.0.${index + 1}` },
      ]),
    );
    const network = new Network(objects, namespace);
    const allowed = [];
    for (const [from, one] of pods) {
      for (const [to, other] of pods) {
        for (const port of portsAround(objects)) {
          if (network.allows({ from: one, to: other, port })) allowed.push(`${from} -> ${to}:${port}`);
        }
      }
    }
    const expected = new Set();
    for (const { name, calls, endpoints } of graph.services) {
      for (const { service } of calls) if (service !== name) expected.add(`${name} -> ${service}:8081`);
      if (endpoints.some(({ expose }) => expose)) expected.add(`gateway -> ${name}:8081`);
    }
    for (const { service } of graph.authHandlers) expected.add(`gateway -> ${service}:8081`);
    assert.deepEqual(allowed.sort(), [...expected].sort());
    assert.ok(expected.size > 8 && pods.size > 10);
  });

  test("every process would find all that it needs in its infra.json and environment", async () => {
    const files = new Map(
      objects
        .filter(({ kind }) => kind === "ConfigMap")
        .map(({ metadata, data }) => [metadata.name, data["infra.json"]]),
    );
    const pods = templatesOf(objects).map(({ spec }) => spec);
    assert.ok(pods.length > 10);
    for (const { containers, volumes } of pods) {
      const [{ args, env }] = containers;
      const configMap = volumes.find(({ name }) => name === "infra").configMap.name;
      const file = join(copy.dir, "infra-of-pod.json");
      await writeFile(file, files.get(configMap));
      const environment = environmentOf(env);
      const infra = await readInfra(file, environment);
      const at = args.indexOf("--services");
      const hosting = readHosting(
        graph,
        {
          services: at === -1 ? undefined : args[at + 1],
          gatewayOnly: args.includes("--gateway-only"),
          noGateway: args.includes("--no-gateway"),
        },
        infra,
      );
      if (args[0] === "migrate") assert.ok(Object.keys(findDatabases(graph, hosting, infra, environment)).length > 0);
      else findRequirements(graph, hosting, infra, environment);
    }
  });

  test("Kustomize's overlays are the same objects", { skip: hasKubectl ? false : "kubectl is not here" }, () => {
    const wanted = namesOf(objects);
    for (const [overlay, place] of [
      ["production", namespace],
      ["staging", `${namespace}-staging`],
    ]) {
      const folder = join(copy.dir, "deploy/kustomize/overlays", overlay);
      const { stdout, stderr, status } = spawnSync("kubectl", ["kustomize", folder], { encoding: "utf8" });
      assert.equal(status, 0, stderr);
      const built = parseAllDocuments(stdout).map((document) => document.toJS());
      assert.deepEqual(
        namesOf(built).map((id) => id.replace(place, namespace)),
        wanted,
      );
      const configMaps = new Set(built.filter(({ kind }) => kind === "ConfigMap").map(({ metadata }) => metadata.name));
      for (const { spec } of templatesOf(built)) {
        assert.ok(configMaps.has(spec.volumes.find(({ name }) => name === "infra").configMap.name));
      }
      for (const { kind, metadata } of built) if (kind !== "Namespace") assert.equal(metadata.namespace, place);
      const environments = templatesOf(built).map(
        ({ spec }) => environmentOf(spec.containers[0].env)["TENON_ENVIRONMENT"],
      );
      assert.equal(environments.includes("staging"), overlay === "staging");
    }
  });

  test("one service more: the diff has its objects and those that deal with it, and what a person wrote stays", async () => {
    const own = join(copy.dir, "deploy/kustomize/overlays/production/kustomization.yaml");
    await writeFile(own, `${await readFile(own, "utf8")}# mine\n`);
    await mkdir(join(copy.dir, "reviews"));
    await writeFile(
      join(copy.dir, "reviews/tenon.service.ts"),
      'import { Service } from "tenon/service";\nexport default new Service("reviews");\n',
    );
    await writeFile(
      join(copy.dir, "reviews/reviews.ts"),
      'import { api } from "tenon/api";\nimport { products } from "~tenon/clients";\n\nexport const of = api({ expose: true, method: "GET", path: "/reviews/:id" }, async ({ id }: { id: string }): Promise<{ name: string }> => {\n  return { name: (await products.get({ id })).name };\n});\n',
    );
    const { code, stdout, stderr } = await deploy("kustomize", "--diff", "--json");
    assert.equal(code, 0, stdout + stderr);
    const changes = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const idsOf = (kind) => changes.filter((change) => change.kind === kind).map(({ id }) => id);
    assert.deepEqual(idsOf("added"), [
      "Config/reviews.json",
      "Deployment/reviews",
      "HorizontalPodAutoscaler/reviews",
      "NetworkPolicy/reviews",
      "PodDisruptionBudget/reviews",
      "Service/reviews",
      "ServiceAccount/reviews",
    ]);
    assert.deepEqual(idsOf("changed"), [
      "Config/gateway.json",
      "File/base/kustomization.yaml",
      "NetworkPolicy/gateway",
      "NetworkPolicy/products",
    ]);
    assert.equal((await deploy("kustomize")).code, 0);
    assert.match(await readFile(own, "utf8"), /# mine\n$/);
    assert.equal((await deploy("kustomize", "--diff")).stdout, "no changes\n");
  });
});

async function plainObjects(folder) {
  const { files } = JSON.parse(await readFile(join(folder, ".tenon-deploy.json"), "utf8"));
  const manifests = Object.keys(files).filter((path) => path.startsWith("manifests/"));
  const texts = await Promise.all(manifests.map((path) => readFile(join(folder, path), "utf8")));
  return texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS()));
}

/** Those that policies speak of, those next to them, and the ends of what there is. */
function portsAround(objects) {
  const rules = objects.flatMap(({ spec }) => [...(spec?.ingress ?? []), ...(spec?.egress ?? [])]);
  const named = rules.flatMap(({ ports = [] }) => ports.map(({ port }) => port));
  return [...new Set([1, 65_535, ...named.flatMap((port) => [port - 1, port, port + 1])])];
}

/** Of Deployments and Jobs. */
function templatesOf(objects) {
  return objects.flatMap(({ spec }) => (spec?.template === undefined ? [] : [spec.template]));
}

/** Without the hashes of contents, of which Kustomize has its own. */
function namesOf(objects) {
  const hash = /-([0-9a-f]{8}|[a-z0-9]{10})$/;
  const isHashed = ({ kind }) => kind === "ConfigMap" || kind === "Job";
  return objects
    .map((object) =>
      [object.kind, isHashed(object) ? object.metadata.name.replace(hash, "") : object.metadata.name].join("/"),
    )
    .sort();
}

/** As the cluster would set it, with a value for each secret. */
function environmentOf(env) {
  const values = {};
  for (const { name, value = "a-value-of-the-secret" } of env) {
    values[name] = value.replaceAll(/\$\((\w+)\)/g, (_, variable) => values[variable]);
  }
  return values;
}
