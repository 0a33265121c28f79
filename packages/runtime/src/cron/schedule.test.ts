import assert from "node:assert/strict";
import { test } from "node:test";
import { createSchedule } from "./schedule.ts";

const at = (text: string) => Date.parse(text);
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

test("intervals count from midnight UTC", () => {
  const schedule = createSchedule({ kind: "every", seconds: 7200 });
  assert.equal(iso(schedule.next(at("2026-03-01T01:59:59.999Z"))), "2026-03-01T02:00:00.000Z");
  assert.equal(iso(schedule.next(at("2026-03-01T02:00:00Z"))), "2026-03-01T04:00:00.000Z");
  assert.equal(iso(schedule.last(at("2026-03-01T03:10:00Z"), 0)), "2026-03-01T02:00:00.000Z");
  assert.equal(schedule.last(at("2026-03-01T03:10:00Z"), at("2026-03-01T02:30:00Z")), null);
});

test("expressions are read in their time zone", () => {
  const schedule = createSchedule({ kind: "cron", expression: "30 9 * * mon-fri", timeZone: "America/New_York" });
  // A Friday in winter: five hours behind UTC.
  assert.equal(iso(schedule.next(at("2026-01-09T15:00:00Z"))), "2026-01-12T14:30:00.000Z");
  assert.equal(iso(schedule.next(at("2026-07-06T00:00:00Z"))), "2026-07-06T13:30:00.000Z");
  assert.equal(iso(schedule.last(at("2026-01-12T14:30:00Z"), 0)), "2026-01-12T14:30:00.000Z");
  assert.equal(iso(schedule.last(at("2026-01-12T14:29:00Z"), 0)), "2026-01-09T14:30:00.000Z");
});

test("an hour that is skipped delays, an hour that comes twice counts once", () => {
  const schedule = createSchedule({ kind: "cron", expression: "30 2 * * *", timeZone: "Europe/Berlin" });
  // On 29 March 2026 clocks go from 2:00 to 3:00.
  const skipped = schedule.next(at("2026-03-28T12:00:00Z"));
  assert.ok(skipped !== null && skipped >= at("2026-03-29T01:00:00Z") && skipped < at("2026-03-29T02:00:00Z"));
  assert.equal(iso(schedule.next(skipped)), "2026-03-30T00:30:00.000Z");
  // On 25 October 2026 the hour from 2:00 to 3:00 comes twice.
  const first = schedule.next(at("2026-10-24T12:00:00Z"));
  assert.equal(iso(first), "2026-10-25T00:30:00.000Z");
  assert.equal(iso(schedule.next(first!)), "2026-10-26T01:30:00.000Z");
});

test("the last tick is found a year back", () => {
  const schedule = createSchedule({ kind: "cron", expression: "0 0 29 2 *", timeZone: "UTC" });
  assert.equal(iso(schedule.last(at("2024-12-31T00:00:00Z"), 0)), "2024-02-29T00:00:00.000Z");
  assert.equal(schedule.last(at("2024-12-31T00:00:00Z"), at("2024-03-01T00:00:00Z")), null);
});
