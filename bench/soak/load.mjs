// The mixed load of the soak: clients that behave, clients that do not, and what each must get. Counts by kind; a wrong answer ends it.
import { chunked, get, post, request } from "../../conformance/http/cases/write.mjs";
import { WireClient } from "../../conformance/http/wire.mjs";

const KEPT_CONNECTIONS = 8;
const json = "content-type: application/json";
const notify = "x-notify: a@b.example";
const orderBody = JSON.stringify({
  customer: "ann",
  lines: [
    { sku: "s1", quantity: 2 },
    { sku: "s2", quantity: 3 },
  ],
});
const order = post("/orders?priority=3", orderBody, json, notify);

function expect(answer, status, pattern) {
  if (answer?.status === status && pattern.test(answer.body)) return;
  throw new Error(`expected ${status} and ${pattern}, got ${JSON.stringify(answer)?.slice(0, 500)}`);
}

async function ask(client, bytes, status, pattern) {
  await client.send(bytes);
  expect(await client.readAnswer(), status, pattern);
}

/** On a connection that is kept. */
const polite = {
  hello: (client) => ask(client, get("/hello/ann?x=1", "accept: */*"), 200, /"Hello ann"/),
  order: (client) => ask(client, order, 200, /"total":5/),
  item: (client) => ask(client, get("/items/i1"), 200, /Notebook/),
  "not found": (client) => ask(client, get("/items/gone"), 404, /not_found/),
  nowhere: (client) => ask(client, get("/nowhere"), 404, /not_found/),
  invalid: (client) => ask(client, post("/orders", "{}", json), 400, /invalid_argument/),
  "no json": (client) => ask(client, post("/orders", "{", json, notify), 400, /invalid_argument/),
  crash: (client) => ask(client, get("/crash"), 500, /internal/),
  large: (client) => ask(client, get("/large"), 200, /row number 1999/),
  stream: (client) => ask(client, get("/numbers?to=50"), 200, /"n":50/),
  chunks: (client) => {
    const half = orderBody.length >> 1;
    const body = [orderBody.slice(0, half), orderBody.slice(half)].map(
      (part) => `${part.length.toString(16)};x=y\r\n${part}\r\n`,
    );
    return ask(client, chunked("/orders", `${body.join("")}0\r\nx-sum: 1\r\n\r\n`, json, notify), 200, /"total":5/);
  },
  pieces: async (client) => {
    await client.send([order.slice(0, 30), order.slice(30, 100), order.slice(100)]);
    expect(await client.readAnswer(), 200, /"total":5/);
  },
  pipelined: async (client) => {
    await client.send((get("/hello/ann") + order + get("/items/i1")).repeat(4));
    for (let round = 0; round < 4; round++) {
      expect(await client.readAnswer(), 200, /Hello/);
      expect(await client.readAnswer(), 200, /total/);
      expect(await client.readAnswer(), 200, /Notebook/);
    }
  },
  "big body": (client) =>
    ask(
      client,
      post("/orders", JSON.stringify({ customer: "x".repeat(200_000), lines: [] }), json, notify),
      200,
      /"total":0/,
    ),
  "too big": (client) => ask(client, post("/orders", " ".repeat(2_200_000), json, notify), 413, /invalid_argument/),
  expect: async (client) => {
    await client.send(
      request("POST", "/orders", [json, notify, "expect: 100-continue", `content-length: ${orderBody.length}`]),
    );
    const { status } = await client.readHead();
    if (status !== 100) throw new Error(`expected 100, got ${status}`);
    await ask(client, orderBody, 200, /"total":5/);
  },
  raw: (client) => ask(client, post("/raw", "abc"), 200, /got 3/),
};

/** On a connection of their own, which ends with them. */
const rude = {
  "one request": (client) => ask(client, get("/hello/ann", "connection: close"), 200, /Hello/),
  "no request": async () => {},
  "half a head": (client) => client.send("GET /hello/ann HTTP/1.1\r\nhost: a"),
  "half a body": (client) => client.send(order.slice(0, -10)),
  "half a chunk": (client) => client.send(chunked("/orders", "ff\r\nabc", json, notify)),
  "no HTTP": (client) => ask(client, "HELLO\r\n\r\n", 400, /invalid_argument/),
  "half an answer": async (client) => {
    await client.send(get("/large"));
    await client.readBytes(100);
  },
  "many questions, no patience": (client) => client.send(get("/items/i1").repeat(20)),
  "half of the news": async (client) => {
    await client.send(get("/news", "accept: text/event-stream"));
    await client.readBytes(400);
  },
  "half a raw body": (client) => client.send(post("/raw", "x".repeat(1000)).slice(0, -500)),
  "a half close": async (client) => {
    await client.send(get("/hello/ann"));
    client.endWriting();
    await client.untilClosed();
  },
};

export class Load {
  counts = {};
  #port;
  #kept = [];
  #isOver = false;

  constructor(port) {
    this.#port = port;
  }

  /** Starts this many actions a second, evenly, until `stop`. Throws what goes wrong in one. */
  async run(perSecond) {
    const workers = Array.from({ length: KEPT_CONNECTIONS }, (_, n) =>
      this.#work(n, (KEPT_CONNECTIONS * 1000) / perSecond),
    );
    await Promise.all(workers);
  }

  stop() {
    this.#isOver = true;
  }

  async #work(number, everyMs) {
    const [kind, rudely] = [Object.keys(polite), Object.keys(rude)];
    for (let round = number; !this.#isOver; round++) {
      const endsAt = performance.now() + everyMs;
      const name = round % 3 === 0 ? rudely[Math.floor(round / 3) % rudely.length] : kind[(round * 7) % kind.length];
      if (round % 3 === 0) await this.#beRude(name);
      else await this.#bePolite(number, name);
      this.counts[name] = (this.counts[name] ?? 0) + 1;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, endsAt - performance.now())));
    }
    this.#kept[number]?.destroy();
  }

  async #bePolite(number, name) {
    this.#kept[number] ??= await WireClient.open(this.#port);
    try {
      await polite[name](this.#kept[number]);
    } catch (error) {
      throw new Error(`${name}: ${error.message}`, { cause: error });
    }
    // A refused body may end the connection, and a raw endpoint moves it to the other lane: both begin anew.
    if (name !== "too big" && name !== "raw") return;
    this.#kept[number].destroy();
    this.#kept[number] = undefined;
  }

  async #beRude(name) {
    const client = await WireClient.open(this.#port);
    try {
      await rude[name](client);
    } catch (error) {
      throw new Error(`${name}: ${error.message}`, { cause: error });
    } finally {
      client.destroy();
    }
  }
}
