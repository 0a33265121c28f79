import assert from "node:assert/strict";
import { test } from "node:test";
import { filtersFromQuery, filtersToApiQuery, filtersToQuery, isFiltered, noFilters } from "./filters.ts";

test("filters survive the way through the address", () => {
  const filters = {
    service: "orders",
    endpoint: "a&b=c d",
    status: "error",
    minDurationMs: "1.5",
    since: "1h",
  } as const;
  assert.deepEqual(filtersFromQuery(filtersToQuery(filters)), filters);
  assert.equal(filtersToQuery(noFilters), "");
  assert.deepEqual(filtersFromQuery(""), noFilters);
});

test("values that no filter can have are left out", () => {
  assert.deepEqual(filtersFromQuery("?status=great&minDurationMs=-3&since=toString&page=2"), noFilters);
});

test("the API is asked for a moment", () => {
  const query = filtersToApiQuery({ ...noFilters, status: "error", since: "1m" }, 50, 1_000_000);
  assert.equal(query, "?limit=50&status=error&since=940000");
});

test("any one filter counts", () => {
  assert.equal(isFiltered(noFilters), false);
  assert.equal(isFiltered({ ...noFilters, endpoint: "x" }), true);
});
