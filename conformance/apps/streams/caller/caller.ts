// Streams between services: what each case gives is the same in one process and between two.
import { api, APIError } from "tenon/api";
import { chat } from "~tenon/clients";

const cases: Record<string, () => Promise<unknown>> = {
  async talk() {
    const stream = await chat.talk({ room: "inside", name: "ann", token: "t" });
    const heard = [await stream.recv()];
    await stream.send({ text: "one" });
    heard.push(await stream.recv());
    await stream.close();
    return { heard, afterwards: await failure(() => stream.send({ text: "late" })) };
  },

  async upload() {
    const stream = await chat.upload();
    for (const data of ["a", "b", "c"]) await stream.send({ data });
    await stream.close();
    return await stream.response();
  },

  async "an early response"() {
    const stream = await chat.upload();
    await stream.send({ data: "only", done: true });
    return await stream.response();
  },

  async ticks() {
    const ticks = [];
    for await (const tick of await chat.ticks({ count: 3 })) ticks.push(tick);
    return ticks.map(({ n, at, ...rest }) => ({ n, at: at instanceof Date ? at.getTime() : at, ...rest }));
  },

  async "many messages"() {
    let sum = 0;
    for await (const { n } of await chat.ticks({ count: 5000 })) sum += n;
    return sum;
  },

  async "a handshake that is not valid"() {
    return await failure(() => chat.ticks({ count: "three" as never }));
  },

  async "a message that is not valid"() {
    const stream = await chat.upload();
    return await failure(() => stream.send({ data: 1 as never }));
  },

  async "a handler that refuses"() {
    const stream = await chat.upload();
    await stream.send({ data: "one" });
    await stream.send({ data: "fail" });
    return await failure(() => stream.response());
  },

  async "a handler that crashes"() {
    const stream = await chat.upload();
    await stream.send({ data: "crash" });
    return await failure(() => stream.response());
  },

  async "what comes behind the end"() {
    const stream = await chat.ticks({ count: 1 });
    await stream.recv();
    return await failure(() => stream.recv());
  },

  async "a caller that cancels"() {
    const controller = new AbortController();
    const stream = await chat.wait({ signal: controller.signal });
    await stream.send({ text: "x" });
    await stream.recv();
    controller.abort();
    return await failure(() => stream.recv());
  },

  async "a caller that closes"() {
    const stream = await chat.wait();
    await stream.send({ text: "x" });
    const echo = await stream.recv();
    await stream.close();
    return echo;
  },

  async "the caller's half"() {
    const stream = await chat.wait();
    await stream.send({ text: "x" });
    await stream.end();
    return { echo: await stream.recv() };
  },

  async "for somebody"() {
    const stream = await chat.whoami({ authData: { userID: "ann" } });
    return { text: (await stream.recv()).text, nobody: await failure(() => chat.whoami()) };
  },

  async numbers() {
    const numbers = [];
    for await (const number of chat.numbers({ to: 4 })) numbers.push(number);
    return numbers;
  },

  async "numbers, not all"() {
    for await (const { n } of chat.numbers({ to: 1_000_000 })) if (n === 3) return n;
    return undefined;
  },

  async "numbers that fail"() {
    const numbers: number[] = [];
    const error = await failure(async () => {
      for await (const { n } of chat.numbers({ to: 9, failAt: 3 })) numbers.push(n);
    });
    return { numbers, error };
  },

  async events() {
    const events = [];
    for await (const { data, ...rest } of chat.events({ room: "a" }))
      events.push({ ...rest, n: data.n, isDate: data.at instanceof Date });
    return events;
  },

  async "events of no room"() {
    return await failure(async () => {
      for await (const _event of chat.events({ room: "none" })) return;
    });
  },
};

async function failure(run: () => unknown): Promise<unknown> {
  try {
    await run();
    return "no failure";
  } catch (error) {
    const { code, message, details } = error as APIError;
    return { isAPIError: error instanceof APIError, code, message, details: details ?? null };
  }
}

/** Names of the cases. */
export const list = api({ method: "GET", path: "/cases", expose: true }, async () => ({ names: Object.keys(cases) }));

/** Runs one. */
export const run = api({ method: "POST", path: "/run", expose: true }, async ({ name }: { name: string }) => {
  return { outcome: (await cases[name]!()) as unknown };
});
