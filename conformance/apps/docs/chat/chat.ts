// Every kind of stream that the pages open.
import { api } from "tenon/api";

interface Said {
  text: string;
}

export const talk = api.streamInOut<{ room: string; name?: string }, Said, Said & { from: string }>(
  { path: "/rooms/:room", expose: true },
  async ({ name = "somebody" }, stream) => {
    for await (const { text } of stream) await stream.send({ from: name, text });
  },
);

export const upload = api.streamIn<{ data: string }, { chunks: number }>(
  { path: "/upload", expose: true },
  async (stream) => {
    let chunks = 0;
    for await (const _chunk of stream) chunks++;
    return { chunks };
  },
);

export const ticks = api.streamOut<{ count: number }, { n: number }>(
  { path: "/ticks", expose: true },
  async ({ count }, stream) => {
    for (let n = 1; n <= count; n++) await stream.send({ n });
    await stream.close();
  },
);

export const numbers = api({ method: "GET", path: "/numbers", expose: true }, async function* ({ to }: { to: number }) {
  for (let n = 1; n <= to; n++) yield { n, square: n * n };
});

export const orders = api.sse({ path: "/events/:id", expose: true }, async function* ({ id }: { id: string }) {
  yield { data: { id, n: 1 } };
});
