// Calls every endpoint of the app apps/clients by its generated client and gives what came back, as text that can be compared. Runs in
// Node and in a browser.

export async function callLibrary({ Client, APIError, ErrCode, isAPIError }, url, webSocket) {
  const base = new Client(url, webSocket === undefined ? {} : { webSocket });
  const { library } = base;
  const book = {
    id: 2n ** 80n,
    title: "Grüße 世界",
    published: new Date("1979-10-12T00:00:00.000Z"),
    cover: new Uint8Array([0, 1, 254, 255]),
    link: new URL("https://example.org/a%20b?c=d#e"),
    genres: new Set(["b", "a"]),
    copies: new Map([["north", 2]]),
    loans: new Map([[7, new Date(0)]]),
    edition: { kind: "first", signedAt: new Date(1) },
    returned: "never",
  };
  const other = { ...book, link: null, loans: new Map(), edition: { kind: "later", number: 2 }, returned: new Date(2) };
  const found = { words: ["a&b", "c d"], since: new Date(5), language: "de", limit: 3 };
  const cases = {
    "every kind of value": () => library.echo({ book: { ...book, parts: [other] } }),
    "fields in one object": () => library.find({ shelf: "a/b c", number: 2, ...found }),
    "parameters of the path one by one": () => library.find("a/b c", 2, found),
    "optional fields left out": () => library.find({ shelf: "x", number: 0, language: "en" }),
    "a rest of the path": () => library.page({ path: "a/b c/d?" }),
    "a rest of the path as a list": () => library.page(["a", "b c", "d?"]),
    "fields in headers of the answer": () => library.stamp({ id: "7" }),
    nothing: () => library.nothing(),
    "an error with details": () => library.fail(),
    "a wrong value": () => library.echo({ book: { ...book, title: 1 } }),
    "a method without its object": async () => {
      const { fail } = library;
      return fail();
    },
    "retried until it works": async () => typeof (await library.flaky()).attempts,
    "not retried when told so": () => library.flaky({ retry: false }),
    "not retried when it could do it twice": () => library.flakyOrder(),
    "too slow": () => library.slow({ timeoutMs: 50 }),
    "too slow for the whole client": () => new Client(url, { timeoutMs: 50 }).library.slow(),
    aborted: () => library.slow({ signal: AbortSignal.abort(new Error("changed my mind")) }),
    "aborted on the way": () => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(new Error("changed my mind")), 50);
      return library.slow({ signal: controller.signal });
    },
    "nobody there": () => new Client("http://127.0.0.1:9", { retry: { attempts: 1 } }).library.nothing(),
    "by a token": () => base.with({ auth: "reader" }).library.me(),
    "by parameters from a function": () =>
      base.with({ auth: async () => ({ authorization: "Bearer reader" }) }).library.me(),
    "by nobody": () => library.me(),
    "by nobody of that name": () => base.with({ auth: () => "stranger" }).library.me(),
    "a status, and a cookie that stays with the browser": () => library.visit({ by: "me" }),
    decimals: () => library.fine({ price: "0.1", factor: "3" }),
    "messages both ways": async () => {
      const stream = await library.talk({ room: "a b", token: "t" });
      await stream.send({ text: "one", at: new Date(1) });
      const first = await stream.next();
      await stream.send({ text: "two", at: new Date(2) });
      await stream.send({ text: "stop", at: new Date(3) });
      const rest = [];
      for await (const message of stream) rest.push(message);
      return [first, ...rest];
    },
    "a stream that fails": async () => {
      const stream = await library.talk("a", { token: "t" });
      await stream.send({ text: "fail", at: new Date(1) });
      for await (const message of stream) return message;
    },
    "a message of a wrong type": async () => {
      const stream = await library.talk("a", { token: "t" });
      await stream.send({ text: 1, at: new Date(1) });
      for await (const message of stream) return message;
    },
    "a stream that is left": async () => {
      for await (const tick of await library.ticks({ count: 1000 })) return tick;
    },
    "a stream to its end": async () => {
      const all = [];
      for await (const { at } of await library.ticks({ count: 1000 })) all.push(at.getTime());
      return all.length === 1000 && all.every((at, index) => at === index);
    },
    "what a stream answers": async () => {
      const stream = await library.upload();
      for (let part = 0; part < 3; part++) await stream.send({ part: new Uint8Array(1000), last: part === 2 });
      return await stream.response();
    },
    "a stream to nobody": async () => new Client("http://127.0.0.1:9", { webSocket }).library.upload(),
    events: async () => {
      const all = [];
      for await (const event of library.news()) all.push(event);
      return all;
    },
    "events behind the last one": async () => {
      const events = library.news({ topic: "x" });
      for await (const event of events) if (event.id === "2") break;
      const all = [];
      for await (const event of events) all.push(event);
      return all;
    },
    lines: async () => {
      const all = [];
      for await (const line of library.lines({ count: 2 })) all.push(line);
      return all;
    },
    "lines that fail": async () => {
      for await (const _line of library.lines({ count: 2, fails: true }));
    },
    "a raw endpoint": async () =>
      (
        await library.files({ method: "PUT", params: { path: "a b/c" }, query: { d: ["e", "f"] }, body: "text" })
      ).json(),
    "a raw endpoint, one by one": async () => {
      const response = await library.files("GET", "a/b");
      return { status: response.status, ...(await response.json()) };
    },
    "with another fetch": () => {
      const fetcher = async (address, init) => {
        const response = await fetch(address, init);
        return new Response(JSON.stringify({ path: `${init.method} ${response.status}` }));
      };
      return new Client(url).with({ fetcher }).library.page({ path: "a" });
    },
  };
  const outcomes = {};
  for (const [name, call] of Object.entries(cases)) {
    try {
      outcomes[name] = shown(await call());
    } catch (error) {
      const known = isAPIError(error) && error instanceof APIError && Object.values(ErrCode).includes(error.code);
      outcomes[name] = known ? shownError(error) : `threw ${error.message}`;
    }
  }
  return outcomes;
}

/** How a connection fails is said differently everywhere. */
function shownError({ status, code, message, details, requestId }) {
  const said = code === "unavailable" && status === 0 ? "no connection" : message;
  return { status, code, message: said, details: details ?? null, hasRequestId: typeof requestId === "string" };
}

function shown(value) {
  if (typeof value === "bigint") return `${value}n`;
  if (value === undefined) return "undefined";
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return `Date ${value.toISOString()}`;
  if (value instanceof URL) return `URL ${value.href}`;
  if (value instanceof Uint8Array) return `bytes ${[...value]}`;
  if (value instanceof Set) return { set: [...value].map(shown) };
  if (value instanceof Map) return { map: [...value].map(([key, item]) => [shown(key), shown(item)]) };
  if (Array.isArray(value)) return value.map(shown);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shown(item)]));
}
