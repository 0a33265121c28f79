import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Deployment, Unit } from "../deployment/deployment.ts";
import { planServicesImage, planUnitImages, planWholeImage } from "./plan-images.ts";

const unit = (name: string, kind: Unit["kind"], ...services: string[]): Unit => ({
  name,
  kind,
  services,
  hasCron: false,
});
const deployment = (...units: Unit[]): Deployment => ({
  app: "shop",
  units,
  edges: [],
  databases: [],
  topics: [],
  buckets: [],
  caches: [],
  secrets: [],
});
const naming = { prefix: undefined, tag: "1" };

describe("which images there are", () => {
  test("one of everything, named as the targets of tenon deploy name it", () => {
    const whole = { name: "shop/shop:1", part: undefined, arguments: ["start"] };
    assert.deepEqual(planWholeImage(deployment(), naming), whole);
    assert.equal(planWholeImage(deployment(), { prefix: "ghcr.io/acme", tag: "2" }).name, "ghcr.io/acme/shop:2");
    assert.deepEqual(planUnitImages(deployment(unit("app", "app", "a", "b")), naming), [whole]);
  });

  test("one for each process", () => {
    const units = [unit("gateway", "gateway"), unit("sales", "services", "orders", "payments")];
    assert.deepEqual(planUnitImages(deployment(...units), naming), [
      {
        name: "shop/gateway:1",
        part: { services: [], isGateway: true },
        arguments: ["start", "--gateway-only"],
      },
      {
        name: "shop/sales:1",
        part: { services: ["orders", "payments"], isGateway: false },
        arguments: ["start", "--services", "orders,payments", "--no-gateway"],
      },
    ]);
  });

  test("one of some services", () => {
    assert.deepEqual(planServicesImage(deployment(), ["orders", "Users"], naming), {
      name: "shop/orders-users:1",
      part: { services: ["orders", "Users"], isGateway: false },
      arguments: ["start", "--services", "orders,Users", "--no-gateway"],
    });
  });
});
