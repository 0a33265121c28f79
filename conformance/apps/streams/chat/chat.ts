// Every kind of stream, each as small as what it shows.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { api, APIError, Gateway, type Header, type Query, type StreamInOut, type StreamOut } from "tenon/api";
import { authHandler } from "tenon/auth";
import { getAuthData } from "~tenon/auth";

export const auth = authHandler(async ({ user }: { user: Query<string, "as"> }) => ({ userID: user }));
export const gateway = new Gateway({ authHandler: auth });

interface Join {
  room: string;
  name: string;
  token?: Header<"X-Token">;
}

interface Said {
  text: string;
}

interface Heard {
  from: string;
  text: string;
}

const rooms = new Map<string, Set<StreamInOut<Said, Heard>>>();

/** Everybody in a room hears what one of them says. */
export const talk = api.streamInOut<Join, Said, Heard>({ path: "/rooms/:room", expose: true }, async (join, stream) => {
  const room = rooms.get(join.room) ?? new Set();
  rooms.set(join.room, room);
  room.add(stream);
  try {
    await stream.send({
      from: "room",
      text: `welcome ${join.name}${join.token === undefined ? "" : ` with ${join.token}`}`,
    });
    for await (const said of stream) {
      for (const other of room) other.send({ from: join.name, text: said.text });
    }
  } finally {
    room.delete(stream);
    for (const other of room) other.send({ from: "room", text: `${join.name} left` });
  }
});

interface Chunk {
  data: string;
  done?: boolean;
}

/** Takes what it is sent until it is told that this was all, or the client has said all. */
export const upload = api.streamIn<Chunk, { chunks: number; text: string }>(
  { path: "/upload", expose: true, messageLimit: 1024 },
  async (stream) => {
    const texts: string[] = [];
    for await (const chunk of stream) {
      if (chunk.data === "fail")
        throw APIError.failedPrecondition("no more of this").withDetails({ after: texts.length });
      if (chunk.data === "crash") throw new Error("secret reason");
      texts.push(chunk.data);
      if (chunk.done === true) break;
    }
    return { chunks: texts.length, text: texts.join(" ") };
  },
);

interface Tick {
  n: number;
  at: Date;
  hidden?: never;
}

/** As many ticks as asked for. */
export const ticks = api.streamOut<{ count: number; padding?: number }, Tick & { padding: string }>(
  { path: "/ticks", expose: true },
  async ({ count, padding }, stream) => {
    if (count < 0) throw APIError.invalidArgument("count must not be negative");
    const text = "x".repeat(padding ?? 0);
    for (let n = 1; n <= count; n++) {
      const tick = { n, at: new Date(n), padding: text, secret: "not declared" };
      await stream.send(tick);
      sent = n;
    }
    await stream.close();
  },
);

let sent = 0;

const listeners = new Set<StreamOut<Said>>();

/** Goes on after its handler has returned. */
export const listen = api.streamOut<Said>({ path: "/listen", expose: true, heartbeatMs: 1_000 }, async (stream) => {
  listeners.add(stream);
});

/** For those who listen. */
export const shout = api({ method: "POST", path: "/shout", expose: true }, async ({ text }: Said) => {
  for (const listener of listeners) {
    try {
      await listener.send({ text });
    } catch {
      listeners.delete(listener);
    }
  }
  return { listeners: listeners.size };
});

let waiting = 0;
let ended: string[] = [];

/** Waits until its client is gone and says how it has learnt of it. */
export const wait = api.streamInOut<Said, Said>({ path: "/wait", expose: true }, async (stream) => {
  waiting++;
  stream.signal.addEventListener("abort", () => {
    ended.push(`signal ${(stream.signal.reason as APIError).code}`);
  });
  try {
    for await (const said of stream) await stream.send(said);
    ended.push("end");
  } catch (error) {
    ended.push(`error ${(error as APIError).code}`);
  }
});

/** Reads a message only when it has waited. */
export const slow = api.streamIn<Chunk, { chunks: number }>({ path: "/slow", expose: true }, async (stream) => {
  let chunks = 0;
  for await (const _chunk of stream) {
    chunks++;
    if (chunks % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { chunks };
});

/** Only for those who are somebody. */
export const whoami = api.streamOut<Said>({ path: "/whoami", expose: true, auth: true }, async (stream) => {
  await stream.send({ text: getAuthData()?.userID ?? "nobody" });
  await stream.close();
});

/** Does not wait for anybody. */
export const flood = api.streamOut<Said>({ path: "/flood", expose: true }, async (stream) => {
  const text = "x".repeat(100_000);
  while (!stream.signal.aborted) {
    stream.send({ text });
    await new Promise((resolve) => setImmediate(resolve));
  }
  ended.push(`flood ${(stream.signal.reason as APIError).code}`);
});

/** Sends something else than it says, once. */
export const wrong = api.streamOut<Said>({ path: "/wrong", expose: true }, async (stream) => {
  await stream.send({ text: "right" });
  await stream.send({ text: 42 } as never);
});

/** Events from behind the last one that the client knows. */
export const events = api.sse(
  { path: "/events/:room", expose: true, heartbeatMs: 100 },
  async function* ({ room, count }: { room: string; count?: number }, { lastEventId, signal }) {
    if (room === "none") throw APIError.notFound("no such room");
    const first = lastEventId === undefined ? 1 : Number(lastEventId) + 1;
    try {
      for (let n = first; n < first + (count ?? 3); n++) {
        yield { data: { room, n, at: new Date(n) }, id: String(n), event: "tick", retryMs: 50 };
      }
      if (room === "broken") throw APIError.aborted("lost the room");
      if (room === "quiet") await new Promise((resolve) => signal.addEventListener("abort", resolve));
    } finally {
      ended.push(`events ${room}${signal.aborted ? " aborted" : ""}`);
    }
  },
);

/** Numbers, one a line. */
export const numbers = api(
  { method: "GET", path: "/numbers", expose: true },
  async function* ({ to, failAt }: { to: number; failAt?: number }) {
    try {
      for (let n = 1; n <= to; n++) {
        if (n === failAt) throw APIError.outOfRange("too far").withDetails({ n });
        yield { n, square: n * n, secret: "not declared" } as { n: number; square: number };
        given = n;
      }
    } finally {
      ended.push("numbers");
    }
  },
);

let given = 0;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** What is still in use: what the next collection would free says nothing of who holds on to what. */
function memoryMb(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return Math.round((heapUsed + external) / 1024 ** 2);
}

/** What the handlers above have seen. */
export const seen = api({ method: "GET", path: "/seen", expose: true }, async () => {
  return { waiting, ended, sent, given };
});

/** Memory of the process. */
export const memory = api({ method: "GET", path: "/memory", expose: true }, async () => ({ memoryMb: memoryMb() }));

/** Forgets it. */
export const forget = api({ method: "POST", path: "/forget", expose: true }, async () => {
  ended = [];
  waiting = 0;
  sent = 0;
  given = 0;
});
