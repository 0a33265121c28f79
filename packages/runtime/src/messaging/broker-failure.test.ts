import assert from "node:assert/strict";
import { test } from "node:test";
import { brokerFailure } from "./broker-failure.ts";
import { EngineCannot } from "./errors.ts";

test("an engine that cannot keep what is declared is told from one that is away", () => {
  const cannot = brokerFailure(new EngineCannot("redis", "payments", "it does not write to disk"));
  assert.equal(cannot.code, "guarantee_impossible");
  assert.match(cannot.message, /the engine redis cannot give payments what it asks for: it does not write to disk$/);
  const away = brokerFailure(new Error("connect ECONNREFUSED"));
  assert.equal(away.code, "broker_unavailable");
  assert.match(away.message, /connect ECONNREFUSED$/);
});
