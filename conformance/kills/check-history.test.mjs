// The checker against histories made by hand: those that are right, and one for each thing that can be wrong.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkHistory } from "./check-history.mjs";

const notes = { topic: "notes", subscription: "notes/read" };
const moves = { topic: "moves", subscription: "moves/follow", isOrdered: true };
const payments = {
  topic: "payments",
  subscription: "payments/book",
  isOrdered: true,
  effect: "bookings",
  publishedWith: "intents",
};
const receipts = { topic: "receipts", subscription: "receipts/file", effect: "receipts", causedBy: "bookings" };

const attempted = (topic, token, more = {}) => ({ event: "attempted", topic, token, ...more });
const acknowledged = (token) => ({ event: "acknowledged", token });
const failed = (token) => ({ event: "failed", token });
const begun = (subscription, token, attempt = 1) => ({ event: "begun", subscription, token, attempt, pid: 7 });
const handled = (subscription, token, attempt = 1) => ({ event: "handled", subscription, token, attempt, pid: 7 });
const refused = (subscription, token, attempt = 1) => ({ event: "refused", subscription, token, attempt, pid: 7 });
const killed = { event: "killed", role: "consumer", pid: 7 };

function published(topic, token, more) {
  return [attempted(topic, token, more), acknowledged(token)];
}

function done(subscription, token) {
  return [begun(subscription, token), handled(subscription, token)];
}

function check(duties, events, { tables = {}, deadLetters = [] } = {}) {
  return checkHistory({ events, duties, tables, deadLetters });
}

function kindsOf(...args) {
  return check(...args).violations.map(({ kind }) => kind);
}

describe("messages", () => {
  test("handled ones are right, also when they come again after a kill", () => {
    const events = [
      ...published("notes", "a"),
      begun("notes/read", "a"),
      killed,
      ...done("notes/read", "a"),
      ...done("notes/read", "a"),
    ];
    const { violations, counts } = check([notes], events);
    assert.deepEqual(violations, []);
    assert.deepEqual(counts, {
      attempted: 1,
      acknowledged: 1,
      begun: 3,
      handled: 1,
      handledAgain: 1,
      deadLetters: 0,
      kills: 1,
    });
  });

  test("an acknowledged one that nobody handled is lost, also when a handler had begun", () => {
    assert.deepEqual(kindsOf([notes], published("notes", "a")), ["lost"]);
    assert.deepEqual(kindsOf([notes], [...published("notes", "a"), begun("notes/read", "a"), killed]), ["lost"]);
  });

  test("one of another subscription is not handled by it", () => {
    const events = [...published("notes", "a"), ...done("notes/count", "a")];
    assert.deepEqual(kindsOf([notes, { ...notes, subscription: "notes/count" }], events), ["lost"]);
  });

  test("one that was not acknowledged may be handled or not", () => {
    assert.deepEqual(kindsOf([notes], [attempted("notes", "a"), failed("a")]), []);
    assert.deepEqual(kindsOf([notes], [attempted("notes", "a"), failed("a"), ...done("notes/read", "a")]), []);
  });

  test("a poisonous one belongs to the dead letters, once", () => {
    const events = [...published("notes", "a"), begun("notes/read", "a"), refused("notes/read", "a")];
    const letter = { subscription: "notes/read", token: "a" };
    assert.deepEqual(kindsOf([notes], events), ["lost"]);
    assert.deepEqual(kindsOf([notes], events, { deadLetters: [letter] }), []);
    assert.deepEqual(kindsOf([notes], events, { deadLetters: [letter, letter] }), ["dead letter doubled"]);
  });

  test("one that nobody published comes from nowhere, and so does one of another topic or of a transaction that was rolled back", () => {
    assert.deepEqual(kindsOf([notes], done("notes/read", "a")), ["from nowhere"]);
    assert.deepEqual(kindsOf([notes], [...published("moves", "a"), ...done("notes/read", "a")]), ["from nowhere"]);
    const rolledBack = [attempted("notes", "a", { rollsBack: true }), failed("a"), begun("notes/read", "a")];
    assert.deepEqual(kindsOf([notes], rolledBack), ["from nowhere"]);
  });
});

describe("order", () => {
  const first = { key: "k", sequence: 1 };
  const second = { key: "k", sequence: 2 };

  test("of a key is kept when each begins after the one before was handled; other keys do not matter", () => {
    const events = [
      ...published("moves", "a", first),
      ...published("moves", "b", second),
      ...published("moves", "c", { key: "other", sequence: 1 }),
      begun("moves/follow", "c"),
      ...done("moves/follow", "a"),
      ...done("moves/follow", "b"),
      handled("moves/follow", "c"),
    ];
    assert.deepEqual(kindsOf([moves], events), []);
  });

  test("is broken by one that begins too early, and the report has the events of both with the kills between", () => {
    const events = [
      killed,
      ...published("moves", "a", first),
      ...published("moves", "x", { key: "other", sequence: 1 }),
      ...published("moves", "b", second),
      begun("moves/follow", "a"),
      killed,
      ...done("moves/follow", "b"),
      ...done("moves/follow", "a"),
      ...done("moves/follow", "x"),
    ];
    const { violations } = check([moves], events);
    assert.deepEqual(
      violations.map(({ kind }) => kind),
      ["out of order"],
    );
    assert.match(violations[0].text, /began b before it had handled a of the same key "k"/);
    assert.deepEqual(
      violations[0].around.map(({ event, token }) => `${event} ${token ?? ""}`.trim()),
      [
        ...["attempted a", "acknowledged a", "attempted b", "acknowledged b", "begun a", "killed"],
        ...["begun b", "handled b", "begun a", "handled a"],
      ],
    );
  });

  test("is kept when a message comes again after a later one", () => {
    const events = [
      ...published("moves", "a", first),
      ...published("moves", "b", second),
      ...done("moves/follow", "a"),
      ...done("moves/follow", "b"),
      killed,
      ...done("moves/follow", "a"),
    ];
    assert.deepEqual(kindsOf([moves], events), []);
  });

  test("does not wait for dead letters, nor for what was never acknowledged", () => {
    const events = [
      ...published("moves", "a", first),
      attempted("moves", "b", second),
      failed("b"),
      ...published("moves", "c", { key: "k", sequence: 3 }),
      begun("moves/follow", "a"),
      refused("moves/follow", "a"),
      ...done("moves/follow", "c"),
      ...done("moves/follow", "b"),
    ];
    assert.deepEqual(kindsOf([moves], events, { deadLetters: [{ subscription: "moves/follow", token: "a" }] }), []);
  });
});

describe("effects", () => {
  const row = (token) => ({ token });
  const events = [
    ...published("payments", "a", { key: "k", sequence: 1 }),
    ...published("payments", "b", { key: "k", sequence: 2 }),
    ...done("payments/book", "a"),
    ...done("payments/book", "b"),
  ];
  const intents = [row("a"), row("b")];

  test("one row for each is right, whichever attempt wrote it", () => {
    const again = [...events, ...done("payments/book", "b")];
    assert.deepEqual(kindsOf([payments], again, { tables: { intents, bookings: [row("a"), row("b")] } }), []);
  });

  test("two rows are one too many", () => {
    const bookings = [row("a"), row("b"), row("b")];
    assert.deepEqual(kindsOf([payments], events, { tables: { intents, bookings } }), ["effect doubled"]);
  });

  test("none is missing, also of a message whose client never heard that it was committed", () => {
    assert.deepEqual(kindsOf([payments], events, { tables: { intents, bookings: [row("a")] } }), ["effect missing"]);
    const unknown = [attempted("payments", "a", { key: "k", sequence: 1 }), failed("a")];
    assert.deepEqual(kindsOf([payments], unknown, { tables: { intents: [row("a")], bookings: [] } }), [
      "effect missing",
    ]);
    assert.deepEqual(kindsOf([payments], unknown, { tables: { intents: [], bookings: [] } }), []);
  });

  test("one without its commit is an effect of nothing", () => {
    const unknown = [attempted("payments", "a", { key: "k", sequence: 1 }), failed("a"), ...done("payments/book", "a")];
    assert.deepEqual(kindsOf([payments], unknown, { tables: { intents: [], bookings: [row("a")] } }), [
      "effect of nothing",
    ]);
  });

  test("in another order than their messages are out of order", () => {
    const tables = { intents, bookings: [row("b"), row("a")] };
    assert.deepEqual(kindsOf([payments], events, { tables }), ["effect out of order"]);
  });

  test("of effects: each row leads to one of the next table", () => {
    const bookings = [row("a"), row("b")];
    const told = [...events, ...done("receipts/file", "a")];
    const tables = { intents, bookings, receipts: [row("a"), row("a")] };
    assert.deepEqual(kindsOf([payments, receipts], told, { tables }), ["effect doubled", "effect missing"]);
  });
});
