import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkPreconditions, rangeStillHolds } from "./preconditions.ts";

const epoch = new Date(0).toUTCString();
const now = new Date().toUTCString();

describe("dates in the conditions of a request", () => {
  const modifiedMs = Date.now() - 60_000;
  const known = { etag: '"a"', modifiedMs };
  const unknown = { etag: '"a"', modifiedMs: 0 };

  test("are compared with the time of the file", () => {
    assert.equal(checkPreconditions({ "if-modified-since": now }, known), "same");
    assert.equal(checkPreconditions({ "if-modified-since": epoch }, known), "serve");
    assert.equal(checkPreconditions({ "if-unmodified-since": epoch }, known), "changed");
    assert.equal(rangeStillHolds({ "if-range": new Date(modifiedMs).toUTCString() }, known), true);
  });

  test("say nothing of a file without a time: a new version in a new image must not look like the old one", () => {
    for (const date of [epoch, now]) {
      assert.equal(checkPreconditions({ "if-modified-since": date }, unknown), "serve");
      assert.equal(checkPreconditions({ "if-unmodified-since": date }, unknown), "serve");
      assert.equal(rangeStillHolds({ "if-range": date }, unknown), false);
    }
    assert.equal(checkPreconditions({ "if-none-match": '"a"', "if-modified-since": epoch }, unknown), "same");
  });
});
