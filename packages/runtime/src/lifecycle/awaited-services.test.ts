import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AwaitedServices } from "./awaited-services.ts";

describe("services that are awaited while others load", () => {
  it("holds a call back until the service is loaded, and no longer", async () => {
    const services = new AwaitedServices(["users", "mail"]);
    const order: string[] = [];
    const called = services.loadFirst("mail")!.then(() => order.push("called"));
    services.loaded("users");
    await new Promise(setImmediate);
    order.push("loaded");
    services.loaded("mail");
    await called;
    assert.deepEqual(order, ["loaded", "called"]);
    assert.equal(services.loadFirst("mail"), undefined);
  });

  it("does not hold back calls to services that live elsewhere", () => {
    assert.equal(new AwaitedServices(["users"]).loadFirst("mail"), undefined);
  });
});
