// X-Ray's header becomes the caller's trace only where X-Ray has recorded the caller.
import assert from "node:assert/strict";
import { test } from "node:test";
import { traceparentOf } from "./trace-header.ts";

const root = "Root=1-5759e988-bd862e3fe1be46a994272793";

test("a recorded parent is continued", () => {
  const expected = "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01";
  assert.equal(traceparentOf(`${root};Parent=53995c3f42cd8ad8;Sampled=1`), expected);
  assert.equal(
    traceparentOf(`Self=1-67891234-12456789abcdef012345678; ${root};Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a:0`),
    expected,
  );
});

test("what X-Ray does not record begins a trace of its own", () => {
  for (const header of [
    undefined,
    "",
    root,
    `${root};Sampled=1`,
    `${root};Parent=53995c3f42cd8ad8;Sampled=0`,
    "Root=1-x-y;Parent=z;Sampled=1",
  ])
    assert.equal(traceparentOf(header), undefined, header);
});
