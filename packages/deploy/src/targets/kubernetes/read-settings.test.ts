// Settings and names that cannot be used are refused with all that is wrong.
import assert from "node:assert/strict";
import { test } from "node:test";
import { graphOf } from "../../deployment/testing-graph.test.support.ts";
import { inputFor, objectsFor, sampleInput } from "./kubernetes.test.support.ts";

test("what cannot be used is refused, all at once", () => {
  const refused = (given: object, code: string, text: RegExp) =>
    assert.throws(
      () => objectsFor(sampleInput(given)),
      (error: Error & { code: string }) => error.code === code && text.test(error.message),
      JSON.stringify(given),
    );
  refused({ format: "toml" }, "setting_invalid", /one of kustomize, yaml, helm/);
  refused({ databaseHost: "postgres://db" }, "setting_invalid", /host/);
  refused({ outside: { billing: ["0.0.0.0/0"] } }, "setting_invalid", /CIDR:PORT/);
  refused({ egressCidrs: { queue: ["10.0.0.0/8"] } }, "setting_invalid", /database, broker/);
  refused({ units: { orders: { colour: "red" } } }, "setting_invalid", /orders\.colour/);
  refused({ units: { nobody: {} } }, "setting_invalid", /nobody/);
  refused({ door: "gateway-api" }, "setting_missing", /--gateway-ref/);
  refused(
    { databaseHost: undefined, cacheHost: undefined, objectStoreUrl: undefined },
    "setting_missing",
    /--database-host[\s\S]*--cache-host[\s\S]*--object-store-url/,
  );
});

test("names that Kubernetes can't have, or that others have, are refused", () => {
  for (const name of ["a".repeat(41), "9lives", "engine-postgres", "default-deny"]) {
    assert.throws(
      () => objectsFor(inputFor(graphOf({ [name]: {}, other: {} }))),
      { code: "name_not_deployable" },
      name,
    );
  }
  const graph = graphOf({ store: { databases: ["store"] }, "store-migrate": {} });
  assert.throws(() => objectsFor(inputFor(graph)), { code: "name_not_deployable" });
});
