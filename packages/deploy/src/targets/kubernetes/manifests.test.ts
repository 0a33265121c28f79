// Every manifest against the types of Kubernetes' own API description (kubernetes-types), as literals: a field that the API does not have, one
// of a wrong type or one that is missing is an error of TypeScript.
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript-classic";
import { parse, parseAllDocuments } from "yaml";
import type { TargetInput } from "../../target.ts";
import { provisionJob } from "../terraform/cluster/provision-job.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";
import { sampleInput } from "./kubernetes.test.support.ts";
import { renderKubernetes } from "./render.ts";

/** "apps/v1" and "Deployment" -> the type's module; of resources that are no part of Kubernetes itself there is none. */
const modules: Readonly<Record<string, string>> = {
  v1: "kubernetes-types/core/v1",
  "apps/v1": "kubernetes-types/apps/v1",
  "batch/v1": "kubernetes-types/batch/v1",
  "autoscaling/v2": "kubernetes-types/autoscaling/v2",
  "policy/v1": "kubernetes-types/policy/v1",
  "networking.k8s.io/v1": "kubernetes-types/networking/v1",
};

/** Beside this file, so that modules are found as from here. */
const fileName = join(dirname(fileURLToPath(import.meta.url)), "manifests-as-literals.ts");

function problemsOf(objects: readonly KubernetesObject[]): string[] {
  const lines = objects.map(({ apiVersion, kind, ...rest }, index) => {
    const module = modules[apiVersion];
    assert.ok(module, `${apiVersion} ${kind}`);
    return `export const o${index}: import("${module}").${kind} = ${JSON.stringify({ apiVersion, kind, ...rest })};`;
  });
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    types: [],
    lib: ["lib.es5.d.ts"],
    skipLibCheck: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  const source = ts.createSourceFile(fileName, lines.join("\n"), ts.ScriptTarget.ES2022);
  host.getSourceFile = (name, ...others) => (name === fileName ? source : getSourceFile.call(host, name, ...others));
  host.fileExists = (name) => name === fileName || fileExists.call(host, name);
  const program = ts.createProgram([fileName], options, host);
  return program.getSemanticDiagnostics(source).map(({ messageText, start }) => {
    const line = source.getLineAndCharacterOfPosition(start!).line;
    const { kind, metadata } = objects[line]!;
    return `${line} ${kind}/${metadata.name}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
}

function manifests(input: TargetInput): KubernetesObject[] {
  return renderKubernetes(input)
    .filter(({ path }) => path.startsWith("manifests/"))
    .flatMap(({ text }) => parseAllDocuments(text).map((document) => document.toJS() as KubernetesObject));
}

const inputs: readonly object[] = [
  {},
  { engines: true },
  { engines: true, broker: "nats" },
  { engines: true, broker: "redis", door: "load-balancer" },
  {
    broker: "nats",
    brokerUser: "app",
    cachePassword: true,
    databaseCa: "database-ca",
    cloud: "azure",
    identities: { orders: "1-2" },
    imagePullSecret: "registry",
    otlpEndpoint: "http://collector.telemetry.svc:4318",
    publicHost: "shop.example.com",
    tlsSecret: "certificate",
    ingressClass: "traefik",
    ingressAnnotations: { "example.com/timeout": "60" },
    doorNamespace: "ingress",
    doorCidrs: ["10.0.0.0/8"],
    metricsNamespace: "monitoring",
    dnsCidrs: ["169.254.20.10/32"],
    outside: { billing: ["0.0.0.0/0:443"] },
  },
];

test("every manifest is as the API describes it, without a field that it does not have", () => {
  const all = inputs.flatMap((given) => [
    ...manifests(sampleInput({ format: "yaml", ...given })),
    ...(Object.hasOwn(given, "identities") ? [] : manifests(sampleInput({ format: "yaml", ...given }, "single"))),
  ]);
  assert.ok(all.length > 200);
  assert.deepEqual(problemsOf(all), []);
});

test("the Job is as the API describes it that makes databases on servers of Terraform", () => {
  const text = provisionJob({ databases: ["orders"], sslMode: "verify-full", hasCa: true });
  assert.deepEqual(problemsOf([parse(text) as KubernetesObject]), []);
});

test("a field that the API does not have, one of a wrong type, and one that is missing are noticed", () => {
  const [deployment] = manifests(sampleInput({ format: "yaml" })).filter(({ kind }) => kind === "Deployment");
  const text = JSON.stringify(deployment);
  const broken = [
    text.replace('"image":', '"imagee":'),
    text.replace('"readOnlyRootFilesystem":true', '"readOnlyRootFilesystem":"yes"'),
    text.replace('"selector":', '"selectors":'),
    text.replace('"automountServiceAccountToken"', '"automountServiceAccountTokens"'),
  ];
  assert.ok(broken.every((changed) => changed !== text));
  const problems = problemsOf(broken.map((changed) => JSON.parse(changed) as KubernetesObject));
  assert.deepEqual([...new Set(problems.map((problem) => problem.split(" ")[0]))], ["0", "1", "2", "3"]);
});
