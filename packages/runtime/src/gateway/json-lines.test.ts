// The ready lines of an answer: every id of its form, no two alike, and what the slow way of writing them gives.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startTemplateSpan } from "../telemetry/recorder.ts";
import { publicRequestTemplate } from "../telemetry/request-spans.ts";
import { jsonLinesFor, jsonLinesWithNewId, requestIdIn } from "./json-lines.ts";

const span = startTemplateSpan(publicRequestTemplate("GET", "/"), undefined);
const RANDOM_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("lines with a new id are those for that id", () => {
  const lines = jsonLinesWithNewId(span);
  assert.equal(lines, jsonLinesFor(requestIdIn(lines), span.traceparent));
});

test("new ids are random UUIDs, every digit of which changes", () => {
  const ids = Array.from({ length: 2_000 }, () => requestIdIn(jsonLinesWithNewId(span)));
  for (const id of ids) assert.match(id, RANDOM_UUID);
  assert.equal(new Set(ids).size, ids.length);
  const digits = Array.from({ length: 36 }, (_, at) => new Set(ids.map((id) => id[at])).size);
  assert.deepEqual(digits, [...RANDOM_UUID_DIGITS]);
});

/** How many different characters each place can have. */
const RANDOM_UUID_DIGITS = [16, 16, 16, 16, 16, 16, 16, 16, 1, 16, 16, 16, 16, 1, 1, 16, 16, 16, 1, 4].concat(
  [16, 16, 16, 1],
  Array.from({ length: 12 }, () => 16),
);
