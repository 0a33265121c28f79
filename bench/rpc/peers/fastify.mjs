// What people write without a framework for calls: Fastify with schemas on one side, fetch and JSON on the other.
import fastify from "fastify";
import { answerOf } from "../chain.mjs";

const text = { type: "string" };
const item = {
  type: "object",
  required: ["id", "name", "priceCents", "tags", "hops"],
  properties: {
    id: text,
    name: text,
    priceCents: { type: "number" },
    tags: { type: "array", items: text },
    hops: { type: "integer" },
  },
};
const body = { type: "object", required: ["id"], properties: { id: text } };

export async function startServices({ services, addresses }) {
  const call = async (service, request) => {
    const response = await fetch(`http://${addresses[service]}/${service}/get`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(request),
    });
    if (!response.ok) throw new Error(`${service}: ${response.status}`);
    return response.json();
  };
  for (const service of services) {
    const app = fastify({ logger: false });
    app.post(`/${service}/get`, { schema: { body, response: { 200: item } } }, (request) =>
      answerOf(service, request.body, call),
    );
    const [host, port] = addresses[service].split(":");
    await app.listen({ host, port: Number(port) });
  }
  return { call };
}
