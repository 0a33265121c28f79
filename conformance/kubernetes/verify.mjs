// Has the API server's own code read the shop's manifests, and holds overlays and Helm chart against them. See README.md; prints what it saw,
// exit 1 when something was refused.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { copyApp } from "../harness/app-copy.mjs";
import { root, runTenon } from "../harness/tenon.mjs";

const tools = join(root, "tmp/kubernetes-tools");

const hosts = { databaseHost: "db.internal", publicHost: "shop.example.com" };
/** Name of the variant -> what tenon.json says of Kubernetes. */
const variants = {
  plain: hosts,
  engines: { engines: true, broker: "nats", door: "load-balancer" },
  everything: {
    ...hosts,
    broker: "redis",
    brokerHost: "queue.data.svc",
    brokerUser: "app",
    databaseCa: "database-ca",
    cloud: "azure",
    identities: { orders: "11111111-2222-3333-4444-555555555555" },
    imagePullSecret: "registry",
    otlpEndpoint: "http://collector.telemetry.svc:4318",
    tlsSecret: "certificate",
    ingressClass: "traefik",
    ingressAnnotations: { "example.com/timeout": "60" },
    doorNamespace: "traefik",
    doorCidrs: ["10.0.0.0/8"],
    metricsNamespace: "monitoring",
    dnsCidrs: ["169.254.20.10/32"],
    egressCidrs: { database: ["10.20.0.0/24"] },
    outside: { payments: ["0.0.0.0/0:443"] },
    units: { orders: { replicas: 3, memory: "1Gi" } },
    perUnitImages: true,
  },
  whole: { ...hosts, door: "none" },
  route: { ...hosts, door: "gateway-api", gatewayRef: "doors/public" },
};

const copy = await copyApp("examples/shop");
const settingsFile = join(copy.dir, "tenon.json");
const appSettings = JSON.parse(await readFile(settingsFile, "utf8"));
try {
  let sample;
  for (const [variant, settings] of Object.entries(variants)) {
    const placement = variant === "whole" ? "single" : "per-service";
    await writeFile(settingsFile, JSON.stringify({ ...appSettings, placement, deploy: { kubernetes: settings } }));
    const plain = await manifestsOf(variant);
    verifyAdmission(variant, plain);
    await verifyChart(variant, plain);
    if (variant === "plain") await verifyOverlays();
    sample ??= plain;
  }
  verifyThatBrokenIsRefused(sample);
} finally {
  await copy.remove();
}

async function manifestsOf(variant) {
  const folder = await deploy(variant, "yaml");
  const { files } = JSON.parse(await readFile(join(folder, ".tenon-deploy.json"), "utf8"));
  const manifests = Object.keys(files).filter((path) => path.startsWith("manifests/"));
  const texts = await Promise.all(manifests.map((path) => readFile(join(folder, path), "utf8")));
  return texts.flatMap(objectsIn);
}

function verifyAdmission(what, objects) {
  const own = objects.filter(({ kind }) => kind !== "HTTPRoute");
  const { status, stdout, stderr } = admission(own);
  assert.equal(status, 0, stdout + stderr);
  assert.equal(stdout.trim(), `${own.length} objects, 0 problems`);
  console.log(`${what}: the API server's code takes ${own.length} objects`);
}

function admission(objects) {
  const input = objects.map((object) => `${JSON.stringify(object)}\n`).join("");
  return spawnSync(join(tools, "admission"), { input, encoding: "utf8", maxBuffer: 64e6 });
}

async function verifyChart(variant, plain) {
  const folder = await deploy(variant, "helm");
  const chart = join(folder, "chart");
  helm(["lint", "--strict", chart]);
  const values = join(folder, "values.production.yaml");
  const text = helm(["template", "shop", chart, "--namespace", "shop", "--kube-version", "1.33.0", "-f", values]);
  const made = objectsIn(text);
  // Helm's client puts them into the namespace of the release.
  const placed = made.map((object) => ({ ...object, metadata: { ...object.metadata, namespace: "shop" } }));
  verifyAdmission(`${variant}, from the chart`, placed);
  const byId = new Map(made.map((object) => [idOf(object), comparable(object)]));
  const wanted = plain.filter(({ kind }) => kind !== "Namespace");
  assert.equal(byId.size, wanted.length);
  for (const object of wanted) assert.deepEqual(byId.get(idOf(object)), comparable(object), idOf(object));
  console.log(
    `${variant}: helm lint is content, and the chart's ${byId.size} objects are those of the plain manifests`,
  );
}

async function verifyOverlays() {
  const folder = await deploy("plain", "kustomize");
  for (const overlay of ["production", "staging"]) {
    const args = ["kustomize", join(folder, "overlays", overlay)];
    const { stdout, stderr, status } = spawnSync("kubectl", args, { encoding: "utf8" });
    assert.equal(status, 0, stderr);
    verifyAdmission(`overlay ${overlay}`, objectsIn(stdout));
  }
}

function verifyThatBrokenIsRefused(objects) {
  const texts = objects.map((object) => JSON.stringify(object));
  const broken = [
    ["Deployment", '"image":', '"imagee":', /imagee/],
    ["Deployment", '"runAsNonRoot":true', '"runAsNonRoot":"yes"', /runAsNonRoot/],
    ["Deployment", '"runAsNonRoot":true', '"runAsNonRoot":false', /restricted/],
    ["Deployment", '"whenUnsatisfiable":"ScheduleAnyway"', '"whenUnsatisfiable":"Perhaps"', /whenUnsatisfiable/],
    ["Deployment", '"mountPath":"/tmp"', '"mountPath":""', /mountPath/],
    ["Service", '"port":8081', '"port":80810', /65535/],
    ["NetworkPolicy", '"protocol":"UDP"', '"protocol":"HTTP"', /protocol/],
    ["HorizontalPodAutoscaler", '"minReplicas":2', '"minReplicas":20', /maxReplicas/],
    ["PodDisruptionBudget", '"maxUnavailable":1', '"maxUnavailable":-1', /maxUnavailable/],
    ["Job", '"restartPolicy":"Never"', '"restartPolicy":"Always"', /restartPolicy/],
    ["Ingress", '"pathType":"Prefix"', '"pathType":"Somewhere"', /pathType/],
  ];
  for (const [kind, before, after, said] of broken) {
    const text = texts.find((one) => one.includes(`"kind":"${kind}","metadata"`) && one.includes(before));
    assert.ok(text, `${kind} ${before}`);
    const { status, stdout } = admission([JSON.parse(text.replace(before, after))]);
    assert.equal(status, 1, `${kind} ${after}`);
    assert.match(stdout, said);
  }
  console.log(`${broken.length} broken objects: each is refused, for what is broken`);
}

/** Names without hashes, no namespace, no hooks. */
function comparable({ metadata, immutable: _immutable, ...object }) {
  const { namespace: _namespace, annotations = {}, ...rest } = metadata;
  const own = Object.entries(annotations).filter(([key]) => !key.startsWith("helm.sh/"));
  const text = JSON.stringify({ ...object, metadata: { ...rest, annotations: Object.fromEntries(own) } });
  // Those of hooks are made anew under the same name.
  return JSON.parse(text.replaceAll(/-migrate-[0-9a-f]{8}"/g, '-migrate"'));
}

function idOf({ kind, metadata: { name } }) {
  return `${kind}/${name.replace(/-migrate-[0-9a-f]{8}$/, "-migrate")}`;
}

function objectsIn(text) {
  return parseAllDocuments(text)
    .map((document) => document.toJS())
    .filter((object) => object !== null);
}

/** @returns the folder with the files */
async function deploy(variant, format) {
  const folder = join(copy.dir, "deploy", `${variant}-${format}`);
  const { code, stdout, stderr } = await runTenon(["deploy", "kubernetes", copy.dir, "-o", folder, "--format", format]);
  assert.equal(code, 0, stdout + stderr);
  return folder;
}

function helm(args) {
  const { stdout, stderr, status } = spawnSync(join(tools, "helm"), args, { encoding: "utf8" });
  assert.equal(status, 0, stdout + stderr);
  return stdout;
}
