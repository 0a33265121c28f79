// Ten thousand dead letters, as a person works with them: pages, one and some and all of them replayed at a rate, traced, and thrown away.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";
import { eventually } from "./harness/eventually.mjs";
import { runTenon } from "./harness/tenon.mjs";

const name = "parcels/deliver";
const letters = 10_000;
const perRequest = 100;
const perSecond = 2_500;
const patience = { deadlineMs: 120_000, everyMs: 250 };

let copy;
let app;
let discarded = 0;
before(async () => {
  copy = await copyApp("conformance/apps/letters");
  app = await startDev(copy.dir);
});
after(async () => {
  await app?.stop();
  await copy.remove();
});

const topic = async (...args) => {
  const { code, stdout, stderr } = await runTenon(["topic", ...args, "--app", copy.dir]);
  return { code, stderr, lines: stdout.split("\n").filter((line) => line !== "") };
};
const dead = async () => {
  const { topics } = await app.fromDashboard("/api/topics");
  return topics[0].subscriptions[0].deadLetters;
};
const lettersOf = async (query = "") => app.fromDashboard(`/api/topics/${name}/dead-letters${query}`);

test("whatever cannot be handled is kept", async () => {
  for (let from = 0; from < letters; from += perRequest) {
    const { status } = await app.request("POST", "/parcels", { from, count: perRequest });
    assert.equal(status, 200);
  }
  await eventually("all of them dead", async () => (await dead()) === letters, patience);
  const { topics } = await app.fromDashboard("/api/topics");
  const { backlog, oldestAgeMs, failedPerMinute } = topics[0].subscriptions[0];
  assert.deepEqual({ backlog, oldestAgeMs }, { backlog: 0, oldestAgeMs: null });
  assert.ok(failedPerMinute > 0);
});

test("pages have every letter once, oldest first", async () => {
  const seen = new Set();
  let last = "";
  let after = null;
  do {
    const page = await lettersOf(`?limit=1000${after === null ? "" : `&after=${encodeURIComponent(after)}`}`);
    for (const { messageId, diedAt, reason, attempts, message } of page.deadLetters) {
      assert.ok(diedAt >= last, "in the order in which they died");
      last = diedAt;
      seen.add(messageId);
      assert.equal(reason, `Error: the road to ${message.number} is closed`);
      assert.equal(attempts, 2);
    }
    after = page.next;
  } while (after !== null);
  assert.equal(seen.size, letters);
  assert.equal((await topic("dlq", name, "--all", "--json")).lines.length, letters);
  const few = (await topic("dlq", name, "--limit", "2")).lines;
  assert.match(few.at(-1), /^There are more: --after /);
});

test("letters are thrown away only when somebody means it", async () => {
  const { deadLetters } = await lettersOf("?limit=2");
  const ids = deadLetters.map(({ messageId }) => messageId);
  assert.equal((await topic("discard", name, ...ids)).code, 2);
  assert.deepEqual((await topic("discard", name, ...ids, "--yes")).lines, ["2 discarded"]);
  discarded = 2;
  assert.equal((await topic("discard", name, ...ids, "--yes")).code, 1);
  assert.equal(await dead(), letters - discarded);
});

test("one and some are replayed", async () => {
  await app.request("POST", "/road", { closed: false });
  const { deadLetters } = await lettersOf("?limit=3");
  const ids = deadLetters.map(({ messageId }) => messageId);
  assert.match((await topic("replay", name, ids[0])).lines[0], /^1 replayed; trace [0-9a-f]{32}$/);
  assert.match((await topic("replay", name, ids[1], ids[2])).lines[0], /^2 replayed/);
  assert.match((await topic("replay", name, "--limit", "7")).lines[0], /^7 replayed/);
  await eventually("the ten", async () => (await app.request("GET", "/delivered")).body.deliveries === 10);
  assert.equal((await topic("replay", name, ids[0])).code, 1);
  assert.equal((await topic("replay", name)).code, 2);
  assert.equal((await topic("replay", name, "--all", "--rate", "fast")).code, 2);
});

test("all are replayed at a rate, each once, and their spans lead to the replay", async () => {
  const delivered = (await app.request("GET", "/delivered")).body.times.length;
  const expected = letters - discarded - delivered;
  const { deadLetters } = await lettersOf("?limit=1");
  const startedAt = Date.now();
  const { lines } = await topic("replay", name, "--all", "--rate", `${perSecond}/s`, "--json");
  const { replayed, traceId } = JSON.parse(lines[0]);
  assert.equal(replayed, expected);
  assert.equal(await dead(), 0);
  await eventually(
    "all of them",
    async () => (await app.request("GET", "/delivered")).body.times.length === delivered + expected,
    patience,
  );
  const { deliveries, times } = (await app.request("GET", "/delivered")).body;
  assert.equal(deliveries, delivered + expected, "none came twice");
  // However slow the machine is, none comes before it may: the clocks of both ends count whole milliseconds.
  const early = times.slice(delivered).filter((time, index) => time + 2 < startedAt + (index / perSecond) * 1_000);
  assert.deepEqual(early, []);

  const replay = await eventually("the replay's trace", async () => {
    const { status, body } = await traceOf(traceId);
    return status === 200 && body.spans[0];
  });
  assert.equal(replay.name, `replay ${name}`);
  assert.equal(replay.attributes["messaging.batch.message_count"], expected);
  assert.equal(replay.attributes["tenon.replay.per_second"], perSecond);
  const spans = await eventually("the delivery of a letter", async () => {
    const { body } = await traceOf(deadLetters[0].traceId);
    const again = body.spans.filter((span) => span.links?.some((link) => link.traceId === traceId));
    return again.length > 0 && again;
  });
  assert.ok(spans.every(({ kind, status }) => kind === "consumer" && status !== "error"));
});

async function traceOf(traceId) {
  const response = await fetch(`${app.dashboard}/api/traces/${traceId}`);
  return { status: response.status, body: await response.json() };
}
