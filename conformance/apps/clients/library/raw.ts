// An endpoint with Node's own request and response.
import { api } from "tenon/api";

/** Says what it got; a GET it refuses. */
export const files = api.raw(
  { method: ["PUT", "GET"], path: "/library/files/*path", expose: true },
  async (request, response) => {
    let body = "";
    for await (const piece of request) body += String(piece);
    response.writeHead(request.method === "GET" ? 418 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify({ method: request.method, url: request.url, body }));
  },
);
