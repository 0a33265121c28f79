// Holds the catalogue of errors and docs/reference/cache.md together, in both directions.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { normalizeError } from "../call/normalize-error.ts";
import { CacheError, CacheMiss, cacheErrors } from "./errors.ts";

const page = readFileSync(new URL("../../../../docs/reference/cache.md", import.meta.url), "utf8");

it("every code of a CacheError is listed, in the catalogue's words, and no other", () => {
  const listed = page.split("\n").filter((line) => line.startsWith("| `cache_"));
  assert.deepEqual(
    listed,
    Object.entries(cacheErrors).map(([code, { message, status }]) => `| \`${code}\` | \`${status}\` | ${message} |`),
  );
});

it("callers learn that a cache was away, and nothing else", () => {
  const away = new CacheError("get", "token/secret", "cache_unavailable", { reason: "connect ECONNREFUSED 10.0.0.7" });
  const told = normalizeError(away);
  assert.equal(told.code, "unavailable");
  assert.equal(told.message, cacheErrors.cache_unavailable.message);
  assert.equal(normalizeError(new CacheMiss("token/secret")).code, "internal");
});

it("an error says which operation failed on which key", () => {
  assert.equal(new CacheMiss("a/1").message, 'cache replace "a/1": key not found');
});
