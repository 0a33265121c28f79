// Says again what it hears.
import { api } from "encore.dev/api";

interface Said {
  msg: string;
}

export const echo = api.streamInOut<{ id: string }, Said, Said & { id: string }>(
  { expose: true, path: "/chat/:id" },
  async ({ id }, stream) => {
    for await (const { msg } of stream) await stream.send({ id, msg });
  },
);
