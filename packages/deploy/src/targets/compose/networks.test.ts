// Containers share a network exactly where one of them has a reason to talk to the other.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleCompose } from "./compose.test.support.ts";
import { assignSubnets } from "./networks.ts";

/** Pairs that the code of the sample asks for, beside those with the collector. */
const wanted = [
  "accounts cache-rate-limits",
  "accounts gateway",
  "accounts media",
  "accounts migrate-accounts",
  "accounts orders",
  "accounts postgres",
  "billing migrate-billing",
  "billing orders",
  "billing postgres",
  "buckets objects",
  "databases postgres",
  "gateway media",
  "gateway orders",
  "media objects",
  "migrate-accounts postgres",
  "migrate-billing postgres",
  "migrate-orders orders",
  "migrate-orders postgres",
  "objects worker",
  "orders postgres",
  "postgres worker",
];

test("of every two containers those share a network of which one uses the other", () => {
  const { services } = sampleCompose();
  const names = Object.keys(services).filter((name) => name !== "collector");
  const pairs = names.flatMap((one) => names.filter((other) => one < other).map((other) => [one, other] as const));
  const sharing = pairs.filter(([one, other]) =>
    services[one]!.networks.some((network) => services[other]!.networks.includes(network)),
  );
  assert.deepEqual(sharing.map((pair) => pair.join(" ")).sort(), wanted);
});

test("engines reach nothing outside, and only the public door has a port", () => {
  const { services, networks } = sampleCompose();
  for (const [name, { networks: own, ports }] of Object.entries(services)) {
    const isOpen = own.some((network) => networks[network]!.internal !== true);
    const isUnit = ["accounts", "billing", "gateway", "media", "orders", "worker", "collector"].includes(name);
    assert.equal(isOpen, isUnit, name);
    assert.equal(ports !== undefined, name === "gateway", name);
  }
  for (const name of Object.values(services).flatMap((service) => service.networks)) assert.ok(networks[name], name);
});

test("subnets do not overlap, lie in the range, and stay with their names", () => {
  const names = Array.from({ length: 200 }, (_, index) => `network-${index}`);
  const subnets = assignSubnets(names, "10.99.128.0/17");
  assert.equal(new Set(subnets.values()).size, names.length);
  for (const subnet of subnets.values()) {
    const [, second, third, fourth] = /^10\.(\d+)\.(\d+)\.(\d+)\/27$/.exec(subnet)!.map(Number);
    assert.ok(second === 99 && third! >= 128 && fourth! % 32 === 0, subnet);
  }
  const few = assignSubnets(["orders", "users"], "10.213.0.0/16");
  const more = assignSubnets(["orders", "products", "users"], "10.213.0.0/16");
  assert.equal(more.get("orders"), few.get("orders"));
  assert.equal(more.get("users"), few.get("users"));
});

test("a range that is too small is refused", () => {
  const names = Array.from({ length: 9 }, (_, index) => `network-${index}`);
  assert.throws(() => assignSubnets(names, "10.0.0.0/24"), {
    code: "setting_invalid",
    message: /room for 8 .* needs 9/,
  });
});
