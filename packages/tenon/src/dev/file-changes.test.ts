// Several batches of changes add up to what one look at the end would have seen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PendingChanges } from "./file-changes.ts";

const none = { changed: [], created: [], deleted: [] };

test("batches add up, and taking them empties the collection", () => {
  const pending = new PendingChanges();
  assert.equal(pending.isEmpty, true);
  pending.add({ ...none, created: ["new"], deleted: ["replaced", "gone"] });
  pending.add({ ...none, changed: ["new", "edited"], created: ["replaced", "brief"] });
  pending.add({ ...none, changed: ["edited"], deleted: ["brief"] });
  assert.deepEqual(pending.take(), {
    changed: ["edited", "replaced"],
    created: ["new"],
    deleted: ["brief", "gone"],
  });
  assert.equal(pending.isEmpty, true);
  assert.deepEqual(pending.take(), none);
});
