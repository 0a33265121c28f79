// The objects: that every name one of them refers to is there, and that each says what the settings say.
import assert from "node:assert/strict";
import { test } from "node:test";
import { graphOf } from "../../deployment/testing-graph.test.support.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";
import {
  inputFor,
  objectNamed,
  objectsFor,
  podsOf,
  resourcesFor,
  sampleInput,
  type PodSpec,
} from "./kubernetes.test.support.ts";

test("what is referred to is there: ConfigMaps, ServiceAccounts, Services, what a HorizontalPodAutoscaler scales", () => {
  for (const input of [sampleInput(), sampleInput({ engines: true }), sampleInput({}, "single")]) {
    const objects = objectsFor(input);
    const { configFiles } = resourcesFor(input);
    for (const [{ metadata }, spec] of podsOf(objects)) {
      if (spec.serviceAccountName !== undefined) objectNamed(objects, "ServiceAccount", spec.serviceAccountName);
      const mounted = new Set(spec.containers.flatMap(({ volumeMounts }) => volumeMounts.map(({ name }) => name)));
      for (const { name, configMap } of spec.volumes) {
        assert.ok(mounted.has(name), `${metadata.name}: ${name} is mounted`);
        if (configMap !== undefined)
          assert.ok(
            configFiles.some((file) => file.name === configMap.name),
            configMap.name,
          );
      }
    }
    for (const { kind, spec } of objects) {
      if (kind !== "HorizontalPodAutoscaler") continue;
      objectNamed(objects, "Deployment", (spec as { scaleTargetRef: { name: string } }).scaleTargetRef.name);
    }
    for (const { text } of configFiles.filter(({ file }) => file === "infra.json")) {
      const { service_discovery: services = {} } = JSON.parse(text) as {
        service_discovery?: Record<string, { base_url: string }>;
      };
      for (const { base_url } of Object.values(services)) {
        const { hostname, port } = new URL(base_url);
        const service = objectNamed(objects, "Service", hostname)["spec"] as { ports: { port: number }[] };
        assert.ok(
          service.ports.some((one) => String(one.port) === port),
          base_url,
        );
      }
    }
  }
});

test("each database is migrated by the process that owns it, and by nobody else", () => {
  const jobs = objectsFor(sampleInput()).filter(({ kind }) => kind === "Job");
  const argsOf = ({ spec }: KubernetesObject) =>
    (spec as { template: { spec: PodSpec } }).template.spec.containers[0]!.args;
  assert.deepEqual(jobs.map(argsOf), [
    ["migrate", "--services", "accounts"],
    ["migrate", "--services", "billing"],
    ["migrate", "--services", "orders"],
  ]);
});

test("another image or another database, another Job", () => {
  const nameFor = (given: object) => objectsFor(sampleInput(given)).find(({ kind }) => kind === "Job")!.metadata.name;
  assert.equal(nameFor({ tag: "v1" }), nameFor({ tag: "v1" }));
  assert.notEqual(nameFor({ tag: "v1" }), nameFor({ tag: "v2" }));
  assert.notEqual(nameFor({ databaseHost: "one" }), nameFor({ databaseHost: "other" }));
});

test("identities of the three clouds are annotations of ServiceAccounts", () => {
  const annotated = (cloud: string, identity: string) => {
    const input = sampleInput({ cloud, identities: { orders: identity } });
    const { annotations } = objectNamed(objectsFor(input), "ServiceAccount", "orders").metadata;
    assert.equal(objectNamed(objectsFor(input), "ServiceAccount", "billing").metadata.annotations, undefined);
    return annotations;
  };
  assert.deepEqual(annotated("aws", "arn:aws:iam::1:role/orders"), {
    "eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/orders",
  });
  assert.deepEqual(annotated("gcp", "orders@project.iam"), { "iam.gke.io/gcp-service-account": "orders@project.iam" });
  assert.deepEqual(annotated("azure", "1-2"), { "azure.workload.identity/client-id": "1-2" });
  const azure = objectNamed(
    objectsFor(sampleInput({ cloud: "azure", identities: { orders: "1-2" } })),
    "Deployment",
    "orders",
  );
  const { metadata } = (azure["spec"] as { template: { metadata: { labels: Record<string, string> } } }).template;
  assert.equal(metadata.labels["azure.workload.identity/use"], "true");
});

test("cron jobs without a database to agree in run in one process only", () => {
  const graph = graphOf({
    clock: { endpoints: ["tick"], cron: ["tick"] },
    store: { databases: ["store"], endpoints: ["sweep"], cron: ["sweep"] },
  });
  const objects = objectsFor(inputFor(graph));
  assert.equal((objectNamed(objects, "Deployment", "clock")["spec"] as { replicas: number }).replicas, 1);
  assert.ok(!objects.some(({ kind, metadata }) => kind === "HorizontalPodAutoscaler" && metadata.name === "clock"));
  assert.ok(objects.some(({ kind, metadata }) => kind === "HorizontalPodAutoscaler" && metadata.name === "store"));
});

test("the public door is an Ingress, an HTTPRoute, a load balancer, or none", () => {
  const doorOf = (given: object) => objectsFor(sampleInput(given));
  const ingress = objectNamed(
    doorOf({ publicHost: "shop.example.com", tlsSecret: "cert", ingressClass: "traefik" }),
    "Ingress",
    "gateway",
  );
  assert.deepEqual(ingress["spec"], {
    ingressClassName: "traefik",
    tls: [{ hosts: ["shop.example.com"], secretName: "cert" }],
    rules: [
      {
        host: "shop.example.com",
        http: {
          paths: [
            { path: "/", pathType: "Prefix", backend: { service: { name: "gateway", port: { name: "public" } } } },
          ],
        },
      },
    ],
  });
  const route = objectNamed(
    doorOf({ door: "gateway-api", gatewayRef: "infra/public", publicHost: "shop.example.com" }),
    "HTTPRoute",
    "gateway",
  );
  assert.deepEqual(route["spec"], {
    parentRefs: [{ name: "public", namespace: "infra" }],
    hostnames: ["shop.example.com"],
    rules: [
      { matches: [{ path: { type: "PathPrefix", value: "/" } }], backendRefs: [{ name: "gateway", port: 8080 }] },
    ],
  });
  const balanced = objectNamed(doorOf({ door: "load-balancer" }), "Service", "gateway")["spec"] as {
    type: string;
    ports: object[];
  };
  assert.equal(balanced.type, "LoadBalancer");
  assert.deepEqual(balanced.ports, [{ name: "public", port: 80, targetPort: "public", protocol: "TCP" }]);
  assert.ok(!doorOf({ door: "none" }).some(({ kind }) => kind === "Ingress"));
});

test("what is set for one process is its own", () => {
  const objects = objectsFor(sampleInput({ units: { orders: { replicas: 12, memory: "1Gi" } } }));
  const scale = objectNamed(objects, "HorizontalPodAutoscaler", "orders")["spec"] as {
    minReplicas: number;
    maxReplicas: number;
  };
  assert.deepEqual([scale.minReplicas, scale.maxReplicas], [12, 12]);
  assert.equal(
    (objectNamed(objects, "HorizontalPodAutoscaler", "billing")["spec"] as { minReplicas: number }).minReplicas,
    2,
  );
});
