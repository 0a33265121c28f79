import assert from "node:assert/strict";
import { test } from "node:test";
import { cacheServerAt, cacheVariable } from "./cache-variable.ts";

test("each cluster has a variable of its own", () => {
  assert.equal(cacheVariable("rate-limits"), "RATE_LIMITS_CACHE_URL");
});

test("a URL names server, user, database and TLS", () => {
  assert.deepEqual(cacheServerAt("redis://cache.internal"), { host: "cache.internal", port: 6379 });
  assert.deepEqual(cacheServerAt("rediss://app:p%40ss@[::1]:7000/3"), {
    host: "::1",
    port: 7000,
    username: "app",
    password: "p@ss",
    database: 3,
    tls: {},
  });
});

test("anything else is refused", () => {
  for (const text of ["cache:6379", "http://cache", "redis://", "redis://cache/main"])
    assert.throws(() => cacheServerAt(text), /redis:\/\/user/, text);
});
