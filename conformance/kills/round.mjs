// One round: load, kills, then quiet until everything that was accepted has its outcome, and the verdict of the checker.
import { eventually } from "../harness/eventually.mjs";
import { checkHistory } from "./check-history.mjs";
import { Load } from "./load.mjs";
import { strike } from "./nemesis.mjs";
import { duties } from "./stage.mjs";

const settlePauseMs = 300;
const progressDeadlineMs = 120_000;
/** Messages between two strikes. */
const enough = { acknowledged: 4, handled: 4 };
const tables = ["intents", "bookings", "receipts"];
/** What time may still mend. */
const mends = new Set(["lost", "effect missing"]);

/**
 * @param {import("./stage.mjs").Stage} stage
 * @param {{ name: string, kills: number, random: import("./random.mjs").Random, pauseMs?: number, settleMs?: number }} options `name`
 *   begins every token. `pauseMs`: between requests of a client. `settleMs`: how long what was accepted may take until its outcome
 * @returns {Promise<{ kills: Record<string, number>, tookMs: number, counts: Record<string, number>, violations: object[] }>}
 */
export async function playRound(stage, { name, kills, random, pauseMs = 40, settleMs = 120_000 }) {
  const startedAt = Date.now();
  const prefix = `${name}.`;
  const seen = new Seen(stage.history, prefix);
  const load = new Load({
    history: stage.history,
    random: random.fork("load"),
    publishers: stage.publishers,
    prefix: name,
    pauseMs,
  });
  load.start();
  let byRole;
  try {
    byRole = await strike({
      kills,
      victims: stage.victims,
      random: random.fork("nemesis"),
      record: (event) => stage.history.record(event),
      progress: () => progress(seen),
    });
  } finally {
    await load.stop();
  }
  await stage.deployment.allServing();
  const { violations, counts } = await settle(stage, seen, prefix, settleMs);
  return { kills: byRole, tookMs: Date.now() - startedAt, counts, violations };
}

/** The events of a round as they come in; what still comes of earlier ones is left out. */
class Seen {
  events = [];
  #history;
  #prefix;
  #counts = { acknowledged: 0, handled: 0 };

  constructor(history, prefix) {
    this.#history = history;
    this.#prefix = prefix;
  }

  counts() {
    for (const event of this.#history.takeNew()) {
      if (event.token !== undefined && !event.token.startsWith(this.#prefix)) continue;
      this.events.push(event);
      if (event.event in this.#counts) this.#counts[event.event]++;
    }
    return { ...this.#counts };
  }
}

async function progress(seen) {
  const before = seen.counts();
  const isMoving = () => {
    const now = seen.counts();
    return Object.entries(enough).every(([name, count]) => now[name] - before[name] >= count);
  };
  const what = "messages to be published and handled again";
  await eventually(what, isMoving, { deadlineMs: progressDeadlineMs, everyMs: 20 });
}

/** Waits until nothing is missing any more and nothing waits in the engine, or until that takes too long. */
async function settle(stage, seen, prefix, settleMs) {
  let last;
  const isQuiet = async () => {
    const verdict = await judge(stage, seen, prefix);
    const backlog = await stage.deployment.backlog();
    last = { verdict, backlog };
    return backlog === 0 && !verdict.violations.some(({ kind }) => mends.has(kind));
  };
  try {
    await eventually("nothing to be missing", isQuiet, { deadlineMs: settleMs, everyMs: settlePauseMs });
  } catch (error) {
    if (last === undefined) throw error;
  }
  const { verdict, backlog } = last;
  if (backlog === 0) return verdict;
  const left = { kind: "backlog", text: `${backlog} messages are still in the engine`, around: [] };
  return { ...verdict, violations: [...verdict.violations, left] };
}

async function judge(stage, seen, prefix) {
  const rows = await Promise.all(tables.map(async (table) => [table, await stage.rowsOf(table, prefix)]));
  const deadLetters = await deadLettersOf(stage, prefix);
  // Last: whatever the tables tell of is in the history by then.
  seen.counts();
  const verdict = checkHistory({ events: seen.events, duties, tables: Object.fromEntries(rows), deadLetters });
  const late = (await stage.doubled()).filter((token) => !token.startsWith(prefix));
  const doubledLater = late.map((token) => ({
    kind: "effect doubled",
    text: `${token}, of an earlier round, has two rows by now`,
    around: [],
  }));
  return { ...verdict, violations: [...verdict.violations, ...doubledLater] };
}

async function deadLettersOf({ deployment }, prefix) {
  const { control } = deployment.engine;
  const lists = await Promise.all(
    duties.map(async ({ topic, subscription }) => {
      const letters = await allDeadLetters(control, topic, subscription.slice(topic.length + 1));
      return letters.map(({ message }) => ({ subscription, token: message.token }));
    }),
  );
  return lists.flat().filter(({ token }) => token.startsWith(prefix));
}

/** Page after page. */
async function allDeadLetters(control, topic, subscription) {
  const limit = 1_000;
  const letters = [];
  for (;;) {
    const after = letters.at(-1)?.position;
    const page = await control.deadLetters(topic, subscription, { limit, ...(after === undefined ? {} : { after }) });
    letters.push(...page);
    if (page.length < limit) return letters;
  }
}
