// What the code does not call, the network refuses: for many apps, every pair of pods and every port, what the policies allow is what the
// deployment has an edge for.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Deployment } from "../../deployment/deployment.ts";
import { graphOf, type ServiceSketch } from "../../deployment/testing-graph.test.support.ts";
import type { TargetInput } from "../../target.ts";
import type { KubernetesObject, Labels } from "./kubernetes-object.ts";
import { inputFor, objectsFor, sampleInput } from "./kubernetes.test.support.ts";
import { matches, Network, type Pod, type Selector } from "./network-policy.test.support.ts";

const NAMESPACE = "shop";
const ports = [53, 80, 443, 4222, 4318, 5432, 6379, 8079, 8080, 8081, 8082, 9090];

interface Cluster {
  readonly network: Network;
  readonly objects: readonly KubernetesObject[];
  readonly pods: ReadonlyMap<string, Pod>;
}

/** A pod of each Deployment, StatefulSet and Job, as their templates label them. */
function clusterOf(input: TargetInput): Cluster {
  const objects = objectsFor(input);
  const pods = new Map<string, Pod>();
  for (const object of objects) {
    const template = (object["spec"] as { template?: { metadata: { labels: Labels } } } | undefined)?.template;
    if (template === undefined) continue;
    const labels = template.metadata.labels;
    pods.set(labels["app.kubernetes.io/name"]!, { namespace: NAMESPACE, labels, ip: `10.1.0.${pods.size + 1}` });
  }
  return { network: new Network(objects, NAMESPACE), objects, pods };
}

/** "orders -> users:8081" for every connection between pods of the app that passes. */
function allowedPairs({ network, pods }: Cluster): string[] {
  const allowed: string[] = [];
  for (const [from, one] of pods) {
    for (const [to, other] of pods) {
      for (const port of ports) {
        if (network.allows({ from: one, to: other, port })) allowed.push(`${from} -> ${to}:${port}`);
      }
    }
  }
  return allowed.sort();
}

function callPairs({ edges }: Deployment): string[] {
  return edges.flatMap((edge) => (edge.kind === "call" ? [`${edge.from} -> ${edge.to}:8081`] : [])).sort();
}

/** The public door is open to whoever wants in; processes of the app still cannot get out to it. */
function assertExact(input: TargetInput): void {
  assert.deepEqual(allowedPairs(clusterOf(input)), callPairs(input.deployment));
}

test("of the sample app, exactly the calls pass between its processes", () => {
  assertExact(sampleInput());
  assert.ok(callPairs(sampleInput().deployment).length > 6);
});

test("of apps of many forms, exactly the calls pass, whatever the placement", () => {
  const random = randomFrom(20261123);
  for (let round = 0; round < 25; round++) {
    const graph = graphOf(randomApp(random));
    const names = graph.services.map(({ name }) => name);
    assertExact(inputFor(graph));
    assertExact(inputFor(graph, { metricsNamespace: "monitoring", doorNamespace: "ingress", broker: "nats" }));
    assertExact(inputFor(graph, {}, { first: names.slice(0, 2), second: names.slice(2, 3) }));
  }
});

test("in one process there is nobody to call", () => {
  assert.deepEqual(allowedPairs(clusterOf(sampleInput({}, "single"))), []);
});

test("an edge that the policies lack, or one too many, is noticed", () => {
  const input = sampleInput();
  const cluster = clusterOf(input);
  const policies = cluster.objects.filter(({ kind }) => kind === "NetworkPolicy");
  for (const left of policies.filter(({ metadata }) => metadata.name !== "default-deny")) {
    const others = policies.filter((policy) => policy !== left);
    const changed = { ...cluster, network: new Network(others, NAMESPACE) };
    const isOfCaller = callPairs(input.deployment).some(
      (pair) => pair.startsWith(`${left.metadata.name} ->`) || pair.includes(`-> ${left.metadata.name}:`),
    );
    if (isOfCaller) assert.notDeepEqual(allowedPairs(changed), callPairs(input.deployment), left.metadata.name);
  }
});

test("every pod of the app is isolated in both directions", () => {
  for (const input of [sampleInput(), sampleInput({ engines: true })]) {
    const { objects, pods } = clusterOf(input);
    const policies = objects.filter(({ kind }) => kind === "NetworkPolicy");
    for (const [name, { labels }] of pods) {
      const directions = policies
        .map(({ spec }) => spec as { podSelector: Selector; policyTypes: string[] })
        .filter(({ podSelector }) => matches(podSelector, labels))
        .flatMap(({ policyTypes }) => policyTypes);
      assert.deepEqual([...new Set(directions)].sort(), ["Egress", "Ingress"], name);
    }
  }
});

test("only whom the settings name gets in from elsewhere", () => {
  const other = (namespace: string, ip = "10.2.0.1"): Pod => ({ namespace, labels: {}, ip });
  const { network, pods } = clusterOf(sampleInput({ doorNamespace: "ingress", metricsNamespace: "monitoring" }));
  for (const [name, to] of pods) {
    const isUnit = !name.endsWith("-migrate");
    for (const port of ports) {
      assert.equal(
        network.allows({ from: other("ingress"), to, port }),
        name === "gateway" && port === 8080,
        `${name}:${port}`,
      );
      assert.equal(network.allows({ from: other("monitoring"), to, port }), isUnit && port === 8081, `${name}:${port}`);
      assert.equal(network.allows({ from: other("default"), to, port }), false, `${name}:${port}`);
    }
  }
  const byAddress = clusterOf(sampleInput({ doorCidrs: ["10.2.0.0/24"] }));
  const gateway = byAddress.pods.get("gateway")!;
  assert.ok(byAddress.network.allows({ from: other("any"), to: gateway, port: 8080 }));
  assert.ok(!byAddress.network.allows({ from: other("any", "10.3.0.1"), to: gateway, port: 8080 }));
});

/** Of the sample app: processes with a database, and the jobs that migrate it. */
const databaseUsers = ["accounts", "accounts-migrate", "billing", "billing-migrate", "orders", "orders-migrate"];

/** Names of the pods that may open a connection to `to`, sorted. */
function whoReaches({ network, pods }: Pick<Cluster, "network" | "pods">, to: Pod, port: number): string[] {
  return [...pods]
    .filter(([, from]) => network.allows({ from, to, port }))
    .map(([name]) => name)
    .sort();
}

test("what is outside is reached by those that use it, at its port, at its addresses", () => {
  const egressCidrs = {
    database: ["192.168.5.0/24"],
    broker: ["192.168.6.0/24"],
    cache: ["192.168.7.0/24"],
    objectStore: ["192.168.8.0/24"],
  };
  const outside = { billing: ["203.0.113.0/24:443"] };
  const { network, pods } = clusterOf(sampleInput({ egressCidrs, outside, broker: "nats" }));
  const reached = (ip: string, port: number) =>
    whoReaches({ network, pods }, { namespace: "outside", labels: {}, ip }, port);
  assert.deepEqual(reached("192.168.5.9", 5432), databaseUsers);
  assert.deepEqual(reached("192.168.6.9", 4222), ["billing", "orders", "worker"]);
  assert.deepEqual(reached("192.168.7.9", 6379), ["accounts"]);
  assert.deepEqual(reached("192.168.8.9", 443), ["media", "worker"]);
  assert.deepEqual(reached("203.0.113.7", 443), ["billing"]);
  for (const ip of ["192.168.5.9", "192.168.9.9", "8.8.8.8"]) assert.deepEqual(reached(ip, 80), [], ip);
  assert.deepEqual(reached("192.168.9.9", 5432), []);
});

test("names are looked up at the cluster's DNS, and nowhere else", () => {
  const dns: Pod = { namespace: "kube-system", labels: { "k8s-app": "kube-dns" }, ip: "10.96.0.10" };
  const { network, pods } = clusterOf(sampleInput());
  for (const [name, from] of pods) {
    for (const protocol of ["TCP", "UDP"] as const) {
      assert.ok(network.allows({ from, to: dns, port: 53, protocol }), name);
      assert.ok(!network.allows({ from, to: { ...dns, labels: {} }, port: 53, protocol }), name);
    }
  }
});

test("engines in the cluster are reached by those that use them", () => {
  const input = sampleInput({ engines: true, broker: "redis" });
  const cluster = clusterOf(input);
  const reached = (engine: string, port: number) => whoReaches(cluster, cluster.pods.get(engine)!, port);
  assert.deepEqual(reached("engine-postgres", 5432), databaseUsers);
  assert.deepEqual(reached("engine-broker", 6379), ["billing", "orders", "worker"]);
  assert.deepEqual(reached("engine-cache", 6379), ["accounts"]);
});

/** Up to seven services that call and use things at random. */
function randomApp(random: () => number): Record<string, ServiceSketch> {
  const names = ["a", "b", "c", "d", "e", "f", "g"].slice(0, 2 + Math.floor(random() * 6));
  const some = (list: readonly string[], chance: number) => list.filter(() => random() < chance);
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        endpoints: random() < 0.5 ? ["+get"] : ["get"],
        calls: some(
          names.filter((other) => other !== name),
          0.3,
        ).map((other) => `${other}.get`),
        databases: some(["one", "two"], 0.3),
        caches: some(["sessions"], 0.2),
        publishes: some(["topic"], 0.3),
        cron: some(["get"], 0.2),
      },
    ]),
  );
}

/** The same numbers for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
