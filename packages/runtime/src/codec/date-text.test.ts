// Times as text, against what Date makes of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { timeFromText, timeToText } from "./date-text.ts";

const DAY_MS = 86_400_000;
const first = Date.parse("0000-01-01T00:00:00Z");
const last = Date.parse("9999-12-31T23:59:59.999Z");

test("every day from the year 0 to 9999 is written as toISOString does, and read back", () => {
  let ofDay = 0;
  for (let day = first; day <= last; day += DAY_MS) {
    // Steps through the times of the day as well: the step has no factor in common with the day.
    ofDay = (ofDay + 7_654_321) % DAY_MS;
    const text = new Date(day + ofDay).toISOString();
    if (timeToText(day + ofDay) !== text) assert.equal(timeToText(day + ofDay), text);
    if (timeFromText(text) !== day + ofDay) assert.equal(timeFromText(text), day + ofDay);
  }
  for (const time of [first, last, -1, 0, 1, 999, 1000, -DAY_MS]) {
    assert.equal(timeToText(time), new Date(time).toISOString());
  }
});

test("milliseconds may be missing, and nothing else", () => {
  assert.equal(timeFromText("2026-01-31T09:30:05Z"), Date.UTC(2026, 0, 31, 9, 30, 5));
  for (const text of [
    "",
    "2026-01-31",
    "2026-01-31T09:30Z",
    "2026-01-31T09:30:05.1Z",
    "2026-01-31T09:30:05+01:00",
    "2026-01-31t09:30:05Z",
    "2026-01-31T09:30:05z",
    "2026-01-31T09:30:05.0000Z",
    "+002026-01-31T09:30:05Z",
  ]) {
    assert.ok(Number.isNaN(timeFromText(text)), text);
  }
});

test("a character changed anywhere gives another time or none, never a wrong one", () => {
  const text = "2024-02-29T23:59:58.987Z";
  for (let at = 0; at < text.length; at++) {
    for (const character of ["0", "1", "2", "3", "6", "9", "/", ":", " ", "-", "Z", "\u0660", "\uff11"]) {
      const changed = text.slice(0, at) + character + text.slice(at + 1);
      const time = timeFromText(changed);
      const again = Number.isNaN(time) ? null : new Date(time).toISOString();
      const isTime = !Number.isNaN(Date.parse(changed)) && new Date(changed).toISOString() === changed;
      assert.equal(again, isTime ? changed : null, changed);
    }
  }
});
