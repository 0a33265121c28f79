// Says what is wrong with the history of a run: messages that were acknowledged and are neither handled nor dead letters, effects that are
// missing or doubled, keys out of order, and messages that nobody published. A pure function; events are in the order in which they happened.
//
//   {event: "attempted", topic, token, key?, sequence?, rollsBack?}  a client is about to publish; sequence grows within a key
//   {event: "acknowledged", token}  it was told that the message is safe; `failed`: it was told that it is not, or nothing
//   {event: "begun" | "handled" | "refused", subscription, token, attempt, pid}  by handlers
//   {event: "killed", role, pid}  by the nemesis
//
// A message that was attempted and not acknowledged may have been published or not: nothing is asked of it but not to be doubled.

/**
 * @typedef {{ topic: string, subscription: string, isOrdered?: boolean, effect?: string, publishedWith?: string, causedBy?: string }} Duty
 *   `subscription` handles all messages of `topic`. `effect`: the table with one row for each; `publishedWith`: the table whose rows are
 *   committed together with the message; `causedBy`: the table whose rows lead to a message each.
 * @typedef {{ token: string, key?: string }} Row in the order in which rows were written
 * @param {{ events: object[], duties: Duty[], tables: Record<string, Row[]>, deadLetters: { subscription: string, token: string }[] }} history
 * @returns {{ violations: { kind: string, text: string, around: object[] }[], counts: Record<string, number> }}
 */
export function checkHistory({ events, duties, tables, deadLetters }) {
  const run = indexRun(events, deadLetters);
  const found = duties.flatMap((duty) => [
    ...lost(duty, run),
    ...fromNowhere(duty, run),
    ...(duty.isOrdered ? outOfOrder(duty, run) : []),
    ...(duty.effect === undefined ? [] : wrongEffects(duty, run, tables)),
  ]);
  const violations = found.map(({ kind, text, tokens }) => ({ kind, text, around: eventsAround(events, tokens) }));
  return { violations, counts: countRun(run, events, duties) };
}

/** What is known of each message, and of each message in each subscription. */
function indexRun(events, deadLetters) {
  const messages = new Map();
  const deliveries = new Map();
  for (const [at, event] of events.entries()) {
    if (event.event === "attempted") messages.set(event.token, { ...event, attemptedAt: at });
    else if (event.event === "acknowledged") messages.get(event.token).acknowledgedAt = at;
    else if (event.subscription !== undefined) {
      const delivery = deliveryOf(deliveries, event.subscription, event.token);
      delivery[event.event].push(at);
    }
  }
  for (const { subscription, token } of deadLetters) deliveryOf(deliveries, subscription, token).dead++;
  return { messages, deliveries, delivery: (subscription, token) => deliveries.get(subscription)?.get(token) };
}

function deliveryOf(deliveries, subscription, token) {
  if (!deliveries.has(subscription)) deliveries.set(subscription, new Map());
  const ofSubscription = deliveries.get(subscription);
  if (!ofSubscription.has(token)) ofSubscription.set(token, { begun: [], handled: [], refused: [], dead: 0 });
  return ofSubscription.get(token);
}

function acknowledgedOf(topic, { messages }) {
  return [...messages.values()].filter((message) => message.topic === topic && message.acknowledgedAt !== undefined);
}

function lost({ topic, subscription }, run) {
  return acknowledgedOf(topic, run).flatMap(({ token }) => {
    const delivery = run.delivery(subscription, token);
    if (delivery?.dead > 1) {
      const text = `${token} is ${delivery.dead} times among the dead letters of ${subscription}`;
      return [{ kind: "dead letter doubled", text, tokens: [token] }];
    }
    if (delivery !== undefined && (delivery.handled.length > 0 || delivery.dead > 0)) return [];
    const text = `${token} was acknowledged, and ${subscription} has neither handled nor buried it`;
    return [{ kind: "lost", text, tokens: [token] }];
  });
}

function fromNowhere({ topic, subscription, causedBy }, { messages, deliveries }) {
  if (causedBy !== undefined) return [];
  return [...(deliveries.get(subscription)?.keys() ?? [])].flatMap((token) => {
    const message = messages.get(token);
    if (message?.topic === topic && message.rollsBack !== true) return [];
    const why = message === undefined ? "nobody published it" : "its transaction was rolled back";
    return [{ kind: "from nowhere", text: `${token} came to ${subscription}, and ${why}`, tokens: [token] }];
  });
}

/** When a message begins, all of its key that were acknowledged before it was published have been handled, or will never be. */
function outOfOrder({ topic, subscription }, run) {
  const keys = new Map();
  for (const { token, key, sequence } of acknowledgedOf(topic, run).sort((a, b) => a.sequence - b.sequence)) {
    if (run.delivery(subscription, token)?.dead > 0) continue;
    const handledAt = run.delivery(subscription, token)?.handled[0];
    if (!keys.has(key)) keys.set(key, []);
    keys.get(key).push({ token, sequence, handledAt });
  }
  const found = [];
  for (const { token, key, sequence, topic: of } of run.messages.values()) {
    const begunAt = run.delivery(subscription, token)?.begun[0];
    if (of !== topic || begunAt === undefined) continue;
    const before = (keys.get(key) ?? []).filter((other) => other.sequence < sequence);
    const late = before.find((other) => other.handledAt === undefined || other.handledAt > begunAt);
    if (late === undefined) continue;
    const text = `${subscription} began ${token} before it had handled ${late.token} of the same key "${key}"`;
    found.push({ kind: "out of order", text, tokens: [late.token, token] });
  }
  return found;
}

function wrongEffects(duty, run, tables) {
  const rows = tables[duty.effect];
  const countOf = countTokens(rows);
  const published = new Set(expectedTokens(duty, run, tables));
  const found = [];
  for (const token of published) {
    const count = countOf.get(token) ?? 0;
    if (count === 1 || (count === 0 && run.delivery(duty.subscription, token)?.dead === 1)) continue;
    const text = `${token} has ${count} rows in ${duty.effect} instead of one`;
    found.push({ kind: count === 0 ? "effect missing" : "effect doubled", text, tokens: [token] });
  }
  for (const [token] of countOf) {
    if (published.has(token)) continue;
    const text = `${duty.effect} has a row for ${token}, which was never committed`;
    found.push({ kind: "effect of nothing", text, tokens: [token] });
  }
  return duty.isOrdered ? [...found, ...effectsOutOfOrder(duty, run, rows)] : found;
}

/** Messages that must have their effect: whatever was committed, whether or not the client got to know it. */
function expectedTokens({ topic, publishedWith, causedBy }, run, tables) {
  const source = publishedWith ?? causedBy;
  const acknowledged = acknowledgedOf(topic, run).map(({ token }) => token);
  return source === undefined ? acknowledged : [...acknowledged, ...tables[source].map(({ token }) => token)];
}

function effectsOutOfOrder({ effect, subscription }, run, rows) {
  const last = new Map();
  const found = [];
  for (const { token } of rows) {
    const message = run.messages.get(token);
    if (message?.acknowledgedAt === undefined) continue;
    const before = last.get(message.key);
    if (before !== undefined && before.sequence > message.sequence) {
      const text = `${subscription} wrote the row of ${before.token} to ${effect} before that of ${token}`;
      found.push({ kind: "effect out of order", text, tokens: [token, before.token] });
    }
    last.set(message.key, message);
  }
  return found;
}

function countTokens(rows) {
  const counts = new Map();
  for (const { token } of rows) counts.set(token, (counts.get(token) ?? 0) + 1);
  return counts;
}

/** The events of these messages, with the kills between them. */
function eventsAround(events, tokens) {
  const concerned = events.map((event) => tokens.includes(event.token));
  const first = concerned.indexOf(true);
  const last = concerned.lastIndexOf(true);
  return events.filter((event, at) => concerned[at] || (event.event === "killed" && at > first && at < last));
}

function countRun({ messages, deliveries }, events, duties) {
  const all = duties.flatMap(({ subscription }) => [...(deliveries.get(subscription)?.values() ?? [])]);
  const sum = (count) => all.reduce((total, delivery) => total + count(delivery), 0);
  return {
    attempted: messages.size,
    acknowledged: [...messages.values()].filter(({ acknowledgedAt }) => acknowledgedAt !== undefined).length,
    begun: sum(({ begun }) => begun.length),
    handled: sum(({ handled }) => Math.min(1, handled.length)),
    handledAgain: sum(({ handled }) => Math.max(0, handled.length - 1)),
    deadLetters: sum(({ dead }) => dead),
    kills: events.filter(({ event }) => event === "killed").length,
  };
}
