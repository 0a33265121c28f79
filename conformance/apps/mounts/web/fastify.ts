import Fastify from "fastify";
import { api } from "tenon/api";

const app = Fastify();
app.get<{ Params: { name: string } }>("/fastify/hello/:name", async (request) => ({ hello: request.params.name }));
app.post(
  "/fastify/sum",
  {
    schema: {
      body: { type: "object", required: ["a", "b"], properties: { a: { type: "number" }, b: { type: "number" } } },
    },
  },
  async (request) => {
    const { a, b } = request.body as { a: number; b: number };
    return { sum: a + b };
  },
);
await app.ready();

export const fastify = api.raw({ method: "*", path: "/fastify/*rest", expose: true }, app.server);
