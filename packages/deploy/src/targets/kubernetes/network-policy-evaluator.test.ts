// The evaluator that the tests of generated policies rest on, against the rules of Kubernetes' own documentation, one case each.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { KubernetesObject } from "./kubernetes-object.ts";
import { Network, type Pod } from "./network-policy.test.support.ts";

const web = pod("web", "10.0.0.1");
const store = pod("store", "10.0.0.2");
const stranger = pod("web", "10.9.0.1", "other");

function pod(app: string, ip: string, namespace = "shop"): Pod {
  return { namespace, labels: { app }, ip };
}

function policyFor(app: string, rest: object): KubernetesObject {
  const spec = { podSelector: { matchLabels: { app } }, ...rest };
  return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name: app }, spec };
}

function network(...policies: readonly KubernetesObject[]): Network {
  return new Network(policies, "shop");
}

const toStore = { from: web, to: store, port: 80 };

test("whom no policy selects, everybody reaches", () => {
  assert.ok(network().allows(toStore));
  assert.ok(network(policyFor("other", { policyTypes: ["Ingress"] })).allows(toStore));
});

test("a policy without rules isolates in its directions only", () => {
  assert.ok(!network(policyFor("store", { policyTypes: ["Ingress"] })).allows(toStore));
  assert.ok(network(policyFor("store", { policyTypes: ["Egress"] })).allows(toStore));
  assert.ok(!network(policyFor("web", { policyTypes: ["Egress"] })).allows(toStore));
  // Without policyTypes: ingress always, egress where there are rules for it.
  assert.ok(!network(policyFor("store", {})).allows(toStore));
  assert.ok(network(policyFor("web", {})).allows(toStore));
});

test("rules add up, and both sides have to allow", () => {
  const deny = policyFor("store", { policyTypes: ["Ingress"] });
  const allow = policyFor("store", {
    policyTypes: ["Ingress"],
    ingress: [{ from: [{ podSelector: { matchLabels: { app: "web" } } }] }],
  });
  assert.ok(network(deny, allow).allows(toStore));
  assert.ok(!network(deny, allow, policyFor("web", { policyTypes: ["Egress"] })).allows(toStore));
});

test("a selector of pods alone means those of the policy's namespace", () => {
  const allow = policyFor("store", { ingress: [{ from: [{ podSelector: { matchLabels: { app: "web" } } }] }] });
  assert.ok(!network(allow).allows({ ...toStore, from: stranger }));
  const namespaceSelector = { matchLabels: { "kubernetes.io/metadata.name": "other" } };
  const both = policyFor("store", {
    ingress: [{ from: [{ namespaceSelector, podSelector: { matchLabels: { app: "web" } } }] }],
  });
  assert.ok(network(both).allows({ ...toStore, from: stranger }));
  assert.ok(!network(both).allows(toStore));
});

test("ports, ranges and protocols", () => {
  const allow = policyFor("store", {
    ingress: [
      {
        ports: [
          { protocol: "TCP", port: 80, endPort: 82 },
          { protocol: "UDP", port: 53 },
        ],
      },
    ],
  });
  for (const [port, protocol, isAllowed] of [
    [80, "TCP", true],
    [82, "TCP", true],
    [83, "TCP", false],
    [53, "UDP", true],
    [53, "TCP", false],
  ] as const) {
    assert.equal(network(allow).allows({ ...toStore, port, protocol }), isAllowed, `${port}/${protocol}`);
  }
});

test("blocks of addresses and their exceptions", () => {
  const allow = policyFor("store", {
    ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.0/8", except: ["10.9.0.0/16"] } }] }],
  });
  assert.ok(network(allow).allows(toStore));
  assert.ok(!network(allow).allows({ ...toStore, from: stranger }));
});
