// Lines of services are kept with what they say, and shown as the terminal wants them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LogBook } from "./log-book.ts";

const line = (extra: object) =>
  JSON.stringify({ time: "2026-01-01T00:00:00.000Z", level: "warn", message: "low", ...extra });

function bookWith(format: "pretty" | "json") {
  const shown: string[] = [];
  return { shown, book: new LogBook({ format, color: false, show: (text) => shown.push(text) }) };
}

test("a log line is kept with its call and fields, and rendered for people", () => {
  const { book, shown } = bookWith("pretty");
  const call = { service: "users", endpoint: "get", trace_id: "a".repeat(32), span_id: "b".repeat(16) };
  book.take(line({ ...call, left: 2, "field.time": "mine" }), "stdout", ["users", "orders"]);
  assert.deepEqual(book.list({ limit: 10 }), [
    {
      id: 1,
      at: Date.parse("2026-01-01T00:00:00.000Z"),
      level: "warn",
      service: "users",
      endpoint: "get",
      traceId: "a".repeat(32),
      spanId: "b".repeat(16),
      message: "low",
      fields: { left: 2, time: "mine" },
    },
  ]);
  assert.match(shown[0] ?? "", /WARN {2}users\.get low left=2 time=mine trace=a+$/);
});

test("what is printed is kept too, and belongs to a service where only one can have printed it", () => {
  const { book, shown } = bookWith("json");
  book.take("hello", "stdout", ["users"]);
  book.take('{"time":"never"}', "stderr", ["users", "orders"]);
  assert.deepEqual(
    book.list({ limit: 10 }).map(({ level, service, message, fields }) => [level, service, message, fields]),
    [
      ["info", "users", "hello", undefined],
      ["error", null, '{"time":"never"}', undefined],
    ],
  );
  assert.deepEqual(shown, ["hello", '{"time":"never"}']);
});

test("lists are filtered, in order, and the newest; readers get each line", () => {
  const { book } = bookWith("json");
  const seen: number[] = [];
  const end = book.subscribe(({ id }) => seen.push(id));
  for (const service of ["a", "b", "a"]) book.take(line({}), "stdout", [service]);
  book.take(line({ level: "debug" }), "stdout", ["a"]);
  end();
  book.take(line({}), "stdout", ["b"]);
  const ids = (filter: Parameters<LogBook["list"]>[0]) => book.list(filter).map(({ id }) => id);
  assert.deepEqual(ids({ limit: 3 }), [3, 4, 5]);
  assert.deepEqual(ids({ limit: 9, service: "a" }), [1, 3, 4]);
  assert.deepEqual(ids({ limit: 9, service: "a", level: "info" }), [1, 3]);
  assert.deepEqual(ids({ limit: 9, since: Date.parse("2027-01-01") }), []);
  assert.deepEqual(seen, [1, 2, 3, 4]);
});

test("only so many lines of a service are kept, and none of another go for them", () => {
  const { book } = bookWith("json");
  book.take("first", "stdout", ["quiet"]);
  for (let i = 0; i < 5_000; i++) book.take(`${i}`, "stdout", ["loud"]);
  const kept = book.list({ limit: 10_000, service: "loud" });
  assert.ok(kept.length >= 2_000 && kept.length <= 2_200);
  assert.equal(kept.at(-1)?.message, "4999");
  assert.equal(book.list({ limit: 1, service: "quiet" })[0]?.message, "first");
});
