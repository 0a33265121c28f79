// Keeps writing to an app while its database goes away and comes back, and remembers what was acknowledged and how the rest was refused.
import assert from "node:assert/strict";
import { eventually } from "./eventually.mjs";

let nextId = 1;

/** @param {{ writers?: number, textLength?: number }} [options] */
export function startOutageLoad(gateway, { writers = 4, textLength = 10 } = {}) {
  const acknowledged = [];
  /** "503 unavailable" of every request that was refused. */
  const refused = [];
  let isRunning = true;
  const loops = Array.from({ length: writers }, async () => {
    while (isRunning) {
      const id = nextId++;
      const answer = await send(gateway, "POST", "/notes", { id, text: "x".repeat(textLength) });
      if (answer.status === 200) acknowledged.push(id);
      else refused.push(`${answer.status} ${answer.body?.code}`);
      await new Promise((resolve) => setTimeout(resolve, answer.status === 200 ? 5 : 50));
    }
  });
  return {
    acknowledged,
    refused,
    async stop() {
      isRunning = false;
      await Promise.all(loops);
    },
  };
}

/** Waits until everything acknowledged has had its effects, and the clock goes on ticking. */
export async function assertNothingLost(gateway, { acknowledged, refused }) {
  assert.deepEqual([...new Set(refused)], ["503 unavailable"]);
  let state = await eventually("the app to answer", () => stateOf(gateway));
  const stored = new Set(state.stored);
  assert.deepEqual(
    acknowledged.filter((id) => !stored.has(id)),
    [],
    "acknowledged notes are stored",
  );
  const { ticks } = state;
  await eventually(
    "all messages to be handled, and the clock to tick",
    async () => {
      state = (await stateOf(gateway)) ?? state;
      const handled = new Set(state.handled);
      return acknowledged.every((id) => handled.has(id)) && state.ticks > ticks;
    },
    { deadlineMs: 60_000 },
  );
}

async function stateOf(gateway) {
  const { status, body } = await send(gateway, "GET", "/state");
  return status === 200 ? body : undefined;
}

export async function send(gateway, method, path, body) {
  const response = await fetch(`${gateway}${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : undefined };
}
