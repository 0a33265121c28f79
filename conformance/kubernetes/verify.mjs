// Applies the shop's manifests to a real API server, and holds the Helm chart against them. See README.md; prints what it saw, exit 1 when
// something was refused.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { copyApp } from "../harness/app-copy.mjs";
import { root, runTenon } from "../harness/tenon.mjs";
import { startApiServer } from "./api-server.mjs";

const tools = join(root, "tmp/kubernetes-tools");

const hosts = ["--database-host", "db.internal"];
/** Name of the variant -> options of the command. */
const variants = {
  plain: [...hosts, "--public-host", "shop.example.com"],
  engines: ["--engines", "--broker", "nats", "--door", "load-balancer"],
  everything: [
    ...hosts,
    ...["--broker", "redis", "--broker-host", "queue.data.svc", "--broker-user", "app", "--database-ca", "database-ca"],
    ...[
      "--cloud",
      "azure",
      "--image-pull-secret",
      "registry",
      "--otlp-endpoint",
      "http://collector.telemetry.svc:4318",
    ],
    ...[
      "--tls-secret",
      "certificate",
      "--ingress-class",
      "traefik",
      "--door-namespace",
      "traefik",
      "--door-cidrs",
      "10.0.0.0/8",
    ],
    ...[
      "--metrics-namespace",
      "monitoring",
      "--dns-cidrs",
      "169.254.20.10/32",
      "--per-unit-images",
      "--public-host",
      "shop.example.com",
    ],
  ],
  whole: [...hosts, "--placement", "single", "--door", "none"],
  route: [...hosts, "--door", "gateway-api", "--gateway-ref", "doors/public", "--public-host", "shop.example.com"],
};

const copy = await copyApp("examples/shop");
const work = join(copy.dir, "tmp");
await mkdir(work);
const server = await startApiServer(join(tools, "kube-apiserver"), work);
try {
  const routes = join(tools, "gateway.networking.k8s.io_httproutes.yaml");
  server.kubectl(["apply", "--server-side", "-f", routes]);
  server.kubectl(["wait", "--for=condition=established", "--timeout=30s", "-f", routes]);
  for (const [variant, settings] of Object.entries(variants)) {
    // Each in a namespace of its own: nobody runs here who would take one apart.
    const options = [...settings, "--namespace", variant];
    const plain = await manifestsOf(variant, options);
    await verifyWithServer(variant, plain);
    await verifyChart(variant, options, plain);
  }
  await verifyOverlays();
  await verifyThatUnknownIsRefused();
} finally {
  await server.stop();
  await copy.remove();
  await rm(work, { recursive: true, force: true });
}

async function manifestsOf(variant, options) {
  const folder = join(copy.dir, "deploy", variant);
  await deploy(folder, "yaml", options);
  const { files } = JSON.parse(await readFile(join(folder, ".tenon-deploy.json"), "utf8"));
  const manifests = Object.keys(files).filter((path) => path.startsWith("manifests/"));
  const texts = await Promise.all(manifests.map((path) => readFile(join(folder, path), "utf8")));
  return texts.flatMap(objectsIn);
}

async function verifyWithServer(variant, objects) {
  const home = objects.filter(({ kind }) => kind === "Namespace").map(warning);
  const others = objects.filter(({ kind }) => kind !== "Namespace");
  // A controller would make it, and the accounts have to be there before pods are.
  const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: variant } };
  apply([...home, account, ...objects.filter(({ kind }) => kind === "ServiceAccount")], []);
  const dry = apply(others, ["--dry-run=server"]);
  const real = apply(others, []);
  const pods = others.flatMap(podOf);
  const taken = apply(pods, ["--dry-run=server"]);
  for (const text of [dry, real, taken]) assert.doesNotMatch(text, /Warning/);
  assert.equal(countOf(dry), others.length);
  assert.equal(countOf(taken), pods.length);
  console.log(`${variant}: the server takes ${objects.length} objects, and ${pods.length} pods under "restricted"`);
}

function warning(object) {
  const labels = { ...object.metadata.labels, "pod-security.kubernetes.io/warn": "restricted" };
  return { ...object, metadata: { ...object.metadata, labels } };
}

function podOf({ kind, metadata, spec }) {
  if (spec?.template === undefined) return [];
  const name = `${kind.toLowerCase()}-${metadata.name}`.slice(0, 60);
  const { restartPolicy: _restartPolicy, ...podSpec } = spec.template.spec;
  const claims = (spec.volumeClaimTemplates ?? []).map((claim) => ({ name: claim.metadata.name, emptyDir: {} }));
  const volumes = [...(podSpec.volumes ?? []), ...claims];
  const own = { name, namespace: metadata.namespace, labels: spec.template.metadata.labels };
  // The controller of Deployments fills these in with a label that pods of their own do not have.
  const constraints = podSpec.topologySpreadConstraints?.map(({ matchLabelKeys: _keys, ...constraint }) => constraint);
  return [
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: own,
      spec: { ...podSpec, volumes, ...(constraints && { topologySpreadConstraints: constraints }) },
    },
  ];
}

async function verifyChart(variant, options, plain) {
  const folder = join(copy.dir, "deploy", `${variant}-helm`);
  await deploy(folder, "helm", options);
  const chart = join(folder, "chart");
  helm(["lint", "--strict", chart]);
  const text = helm([
    "template",
    "shop",
    chart,
    "--namespace",
    variant,
    "--kube-version",
    "1.33.0",
    "-f",
    join(folder, "values.production.yaml"),
  ]);
  const made = new Map(objectsIn(text).map((object) => [idOf(object), comparable(object)]));
  const wanted = plain.filter(({ kind }) => kind !== "Namespace");
  assert.equal(made.size, wanted.length);
  for (const object of wanted) assert.deepEqual(made.get(idOf(object)), comparable(object), idOf(object));
  console.log(
    `${variant}: helm lint is content, and the chart's ${made.size} objects are those of the plain manifests`,
  );
}

/** Kustomize's hashes are its own; the server has to take what refers to them. */
async function verifyOverlays() {
  const folder = join(copy.dir, "deploy/kustomize");
  await deploy(folder, "kustomize", variants.plain);
  for (const overlay of ["production", "staging"]) {
    const { stdout } = server.kubectl(["kustomize", join(folder, "overlays", overlay)]);
    const objects = objectsIn(stdout);
    apply(
      objects.filter(({ kind }) => kind === "Namespace"),
      [],
    );
    const text = apply(
      objects.filter(({ kind }) => kind !== "Namespace"),
      ["--dry-run=server"],
    );
    console.log(`overlay ${overlay}: the server takes ${countOf(text) + 1} objects`);
  }
}

async function verifyThatUnknownIsRefused() {
  const object = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "unknown", namespace: "default" },
    dataa: { a: "b" },
  };
  const file = join(work, "unknown.json");
  await writeFile(file, JSON.stringify(object));
  const { status, stderr } = server.kubectl(
    ["apply", "--server-side", "--dry-run=server", "--validate=strict", "-f", file],
    undefined,
    false,
  );
  assert.notEqual(status, 0);
  assert.match(stderr, /dataa/);
  console.log("a field that the server does not know is refused");
}

function apply(objects, options) {
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
  const { stdout, stderr } = server.kubectl(
    ["apply", "--server-side", "--validate=strict", ...options, "-f", "-"],
    list,
  );
  return stdout + stderr;
}

function countOf(text) {
  return text.split("\n").filter((line) => line.includes("serverside-applied")).length;
}

/** Names without hashes, no namespace, no hooks. */
function comparable({ metadata, ...object }) {
  const { namespace: _namespace, annotations = {}, ...rest } = metadata;
  const own = Object.entries(annotations).filter(([key]) => !key.startsWith("helm.sh/"));
  const text = JSON.stringify({ ...object, metadata: { ...rest, annotations: Object.fromEntries(own) } });
  return withoutImmutable(JSON.parse(text.replaceAll(/-migrate-[0-9a-f]{8}"/g, '-migrate"')));
}

/** ConfigMaps of hooks are made anew under the same name. */
function withoutImmutable({ immutable: _immutable, ...object }) {
  return object;
}

function idOf({ kind, metadata: { name } }) {
  return `${kind}/${name.replace(/-migrate-[0-9a-f]{8}$/, "-migrate")}`;
}

function objectsIn(text) {
  return parseAllDocuments(text)
    .map((document) => document.toJS())
    .filter((object) => object !== null);
}

async function deploy(folder, format, options) {
  const { code, stdout, stderr } = await runTenon([
    "deploy",
    "kubernetes",
    copy.dir,
    "-o",
    folder,
    "--format",
    format,
    ...options,
  ]);
  assert.equal(code, 0, stdout + stderr);
}

function helm(args) {
  const { stdout, stderr, status } = spawnSync(join(tools, "helm"), args, { encoding: "utf8" });
  assert.equal(status, 0, stdout + stderr);
  return stdout;
}
