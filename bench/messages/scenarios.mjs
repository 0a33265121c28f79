// What is measured. Rates are messages per second; each scenario gets the tools of one sample and gives its figures. `quickRounds`: so
// many are enough with --quick.

export const scenarios = {
  "publish, 1 in flight": publishing({ inFlight: 1, batchSize: 1 }),
  "publish, 64 in flight": publishing({ inFlight: 64, batchSize: 1 }),
  "publish in batches of 100": publishing({ inFlight: 1, batchSize: 100 }),
  consume: { run: consumed(100_000) },
  "latency, idle": { run: latency },
  idle: { quickRounds: 1, run: idle },
  // The rows are written straight into the tables, which is done for Tenon only: it is compared with its own rate of `consume`.
  "consume 2 million": { quickRounds: 1, peers: ["tenon"], run: backlog(2_000_000) },
};

const publishingMs = 4_000;

/** For a time; a tenth of it before is not counted: connections are made and statements prepared then. */
function publishing({ inFlight, batchSize }) {
  return {
    async run({ start, publish, cpu, scale }) {
      const sender = await start("sender");
      const forMs = publishingMs * scale;
      await publish(sender, { inFlight, batchSize, forMs: forMs / 10 });
      const before = await cpu();
      const { published, elapsedMs } = await publish(sender, { inFlight, batchSize, forMs });
      return { perSecond: (published / elapsedMs) * 1_000, ...perMessage(before, await cpu(), published) };
    },
  };
}

function consumed(count) {
  return async ({ start, publish, progressOf, cpu, scale }) => {
    const sender = await start("sender");
    const wanted = scaled(count, scale);
    const { published } = await publish(sender, { count: wanted, inFlight: 4, batchSize: 100 });
    return drained({ start, progressOf, cpu }, published);
  };
}

function backlog(count) {
  return async ({ start, fill, progressOf, cpu, scale }) => {
    await start("sender");
    await fill(count);
    return drained({ start, progressOf, cpu }, scale < 1 ? Math.ceil(count / 10) : count);
  };
}

/** From the first one handled to the `count`th. */
async function drained({ start, progressOf, cpu }, count) {
  const before = await cpu();
  const taker = await start("taker");
  const { handled, firstAt, lastAt } = await progressOf(taker, ({ handled }) => handled >= count);
  return { perSecond: (handled / (lastAt - firstAt)) * 1_000, ...perMessage(before, await cpu(), handled) };
}

/** One message every 25 ms, from one process to another. */
async function latency({ start, publish, progressOf, scale }) {
  const sender = await start("sender");
  const taker = await start("taker");
  const count = scaled(400, scale);
  await publish(sender, { count, inFlight: 1, batchSize: 1, pauseMs: 25 });
  const { latenciesMs } = await progressOf(taker, ({ handled }) => handled >= count);
  // The first ones find connections and code cold.
  const sorted = latenciesMs.slice(20).sort((a, b) => a - b);
  return { p50Ms: sorted[Math.floor(sorted.length / 2)], p99Ms: sorted[Math.floor(sorted.length * 0.99)] };
}

/** CPU of a consumer that has nothing to do, and of the server because of it. */
async function idle({ start, sleep, cpu, scale }) {
  await start("taker");
  await sleep(3_000);
  const durationMs = scale < 1 ? 6_000 : 20_000;
  const before = await cpu();
  await sleep(durationMs);
  const after = await cpu();
  const share = (role) => (after[role] - before[role]) / (durationMs * 1_000);
  return { processShare: share("processes"), serverShare: share("server") };
}

function scaled(count, scale) {
  return Math.ceil((count * scale) / 100) * 100;
}

function perMessage(before, after, count) {
  return {
    processMicros: (after.processes - before.processes) / count,
    serverMicros: (after.server - before.server) / count,
  };
}
