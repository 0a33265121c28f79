// Streams of every kind.
import { APIError, api, type Header } from "tenon/api";

interface Said {
  text: string;
  at: Date;
}

/** Says again what it hears, until it is told to stop or hears something it does not like. */
export const talk = api.streamInOut<
  { room: string; token: Header<"X-Token"> },
  Said,
  Said & { room: string; token: string }
>({ path: "/library/talk/:room", expose: true }, async ({ room, token }, stream) => {
  for await (const { text, at } of stream) {
    if (text === "stop") break;
    if (text === "fail") throw APIError.permissionDenied("not in here");
    await stream.send({ text, at, room, token });
  }
  await stream.close();
});

/** Adds up sizes. */
export const upload = api.streamIn<{ part: Uint8Array; last: boolean }, { bytes: number }>(
  { path: "/library/upload", expose: true },
  async (stream) => {
    let bytes = 0;
    for await (const { part, last } of stream) {
      bytes += part.length;
      if (last) break;
    }
    return { bytes };
  },
);

export const ticks = api.streamOut<{ count: number }, { at: Date }>(
  { path: "/library/ticks", expose: true },
  async ({ count }, stream) => {
    for (let n = 0; n < count; n++) await stream.send({ at: new Date(n) });
    await stream.close();
  },
);

/** Goes on behind the last event that was seen. */
export const news = api.sse(
  { path: "/library/news", expose: true },
  async function* (_request: { topic?: string }, { lastEventId }) {
    for (let n = Number(lastEventId ?? 0) + 1; n <= 3; n++)
      yield { data: { at: new Date(n) }, id: String(n), event: "book" };
  },
);

/** Yields some, and then maybe fails. */
export const lines = api(
  { method: "GET", path: "/library/lines", expose: true },
  async function* ({ count, fails }: { count: number; fails?: boolean }): AsyncGenerator<{ at: Date }> {
    for (let n = 0; n < count; n++) yield { at: new Date(n) };
    if (fails === true) throw APIError.dataLoss("the shelf broke");
  },
);
