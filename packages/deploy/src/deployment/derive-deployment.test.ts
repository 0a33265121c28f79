// Units and edges of a deployment, for each placement.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { deriveDeployment } from "./derive-deployment.ts";
import { readPlacement } from "./placement.ts";
import { graphOf } from "./testing-graph.test.support.ts";

const graph = graphOf({
  orders: {
    endpoints: ["+create", "sweep"],
    calls: ["users.get", "stock.take"],
    databases: ["orders"],
    publishes: ["placed"],
    secrets: ["SigningKey"],
    cron: ["sweep"],
  },
  users: { endpoints: ["+get"], databases: ["users"], caches: ["sessions"] },
  stock: { endpoints: ["take"], databases: ["stock"], subscribes: ["placed/reserve"], buckets: ["pictures"] },
});

const edgeTexts = (placement: Parameters<typeof deriveDeployment>[1]) =>
  deriveDeployment(graph, placement).edges.map(
    ({ kind, from, ...to }) => `${from} ${kind} ${Object.values(to).join(" ")}`,
  );

describe("deriveDeployment", () => {
  it("gives each service a unit, and the public door one", () => {
    const { units, databases } = deriveDeployment(graph, "per-service");
    assert.deepEqual(units, [
      { name: "gateway", kind: "gateway", services: [], hasCron: false },
      { name: "orders", kind: "services", services: ["orders"], hasCron: true },
      { name: "stock", kind: "services", services: ["stock"], hasCron: false },
      { name: "users", kind: "services", services: ["users"], hasCron: false },
    ]);
    assert.deepEqual(
      databases.map(({ name, unit, needsOutbox }) => [name, unit, needsOutbox]),
      [
        ["orders", "orders", true],
        ["stock", "stock", false],
        ["users", "users", false],
      ],
    );
    assert.deepEqual(edgeTexts("per-service"), [
      "stock bucket pictures",
      "users cache sessions",
      "gateway call orders orders.create",
      "gateway call users users.get",
      "orders call stock stock.take",
      "orders call users users.get",
      "orders database orders",
      "stock database stock",
      "users database users",
      "orders publish placed",
      "orders secret SigningKey",
      "stock subscribe placed reserve",
    ]);
  });

  it("has no calls inside of a group, and a unit for those in none", () => {
    const { units } = deriveDeployment(graph, { sales: ["orders", "stock"] });
    assert.deepEqual(
      units.map(({ name, services }) => [name, services]),
      [
        ["gateway", []],
        ["sales", ["orders", "stock"]],
        ["users", ["users"]],
      ],
    );
    assert.deepEqual(
      edgeTexts({ sales: ["orders", "stock"] }).filter((text) => text.includes(" call ")),
      ["gateway call sales orders.create", "gateway call users users.get", "sales call users users.get"],
    );
  });

  it("is one unit with the public door in it where everything shares a process", () => {
    const { units, edges } = deriveDeployment(graph, "single");
    assert.deepEqual(units, [{ name: "app", kind: "app", services: ["orders", "stock", "users"], hasCron: true }]);
    assert.equal(edges.filter(({ kind }) => kind === "call").length, 0);
    assert.equal(edges.filter(({ kind }) => kind === "database").length, 3);
  });

  it("makes DNS labels of names", () => {
    const { app, units } = deriveDeployment(graphOf({ a: {} }, "My_Shop!"), { Big_Group: ["a"] });
    assert.equal(app, "my-shop");
    assert.deepEqual(
      units.map(({ name }) => name),
      ["big-group"],
    );
  });

  for (const [what, placement, code, message] of [
    ["a service that is not there", { sales: ["order"] }, "placement_invalid", /a service "order"/],
    ["a service placed twice", { a: ["orders"], b: ["orders"] }, "placement_invalid", /in "a" and in "b"/],
    ["a group with the name of another service", { users: ["orders"] }, "placement_invalid", /name of a service/],
    ["a group called gateway", { gateway: ["orders"] }, "name_not_deployable", /"gateway"/],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(() => deriveDeployment(graph, placement), { code, message });
    });
  }

  it("refuses placements of another shape", () => {
    for (const value of ["each", 1, ["a"], { a: "orders" }, null]) {
      assert.throws(() => readPlacement(value), { code: "placement_invalid" });
    }
  });
});
