// Holds the catalogue of errors and docs/reference/objects.md together, in both directions.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { normalizeError } from "../call/normalize-error.ts";
import { ObjectNotFound, ObjectsError, objectsErrors } from "./errors.ts";

const page = readFileSync(new URL("../../../../docs/reference/objects.md", import.meta.url), "utf8");

it("every code of an ObjectsError is listed, in the catalogue's words, and no other", () => {
  const listed = page.split("\n").filter((line) => line.startsWith("| `objects_"));
  assert.deepEqual(
    listed,
    Object.entries(objectsErrors).map(([code, { message, status }]) => `| \`${code}\` | \`${status}\` | ${message} |`),
  );
});

it("callers learn that a store was away, and nothing else", () => {
  const away = new ObjectsError("objects_unavailable", { bucket: "b", reason: "connect ECONNREFUSED 10.0.0.7" });
  const told = normalizeError(away);
  assert.equal(told.code, "unavailable");
  assert.equal(told.message, objectsErrors.objects_unavailable.message);
  assert.equal(normalizeError(new ObjectNotFound("b", "secret")).code, "internal");
});

it("an error says which object of which bucket it is about", () => {
  assert.equal(new ObjectNotFound("b", "a/1").message, 'bucket "b", object "a/1": there is no such object');
});
