// Raw endpoints that show what they have been given, and what they have been told.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { currentRequest } from "tenon";
import { api, APIError, type RawResponse } from "tenon/api";

/** All that a handler can see of a request. */
export const show = api.raw(
  { method: "*", path: "/show/:id/*rest", expose: true, tags: ["marked"] },
  async (request, response) => {
    const body = await text(request);
    const meta = currentRequest();
    const seen = {
      method: request.method,
      url: request.url,
      headers: request.headers,
      rawHeaders: request.rawHeaders,
      distinct: request.headersDistinct["x-twice"],
      trailers: request.trailers,
      body,
      remoteAddress: request.socket.remoteAddress ?? null,
      params: meta?.type === "api-call" ? meta.pathParams : null,
      raw: meta?.type === "api-call" ? meta.api.raw : null,
      caller: meta?.type === "api-call" ? (meta.callerService ?? null) : null,
    };
    response.setHeader("content-type", "application/json");
    response.appendHeader("set-cookie", "a=1");
    response.appendHeader("set-cookie", "b=2");
    response.statusMessage = "Shown";
    response.end(JSON.stringify(seen));
  },
);

export const rest = api.raw({ method: "GET", path: "/rest/*path", expose: true }, (_request, response) => {
  const meta = currentRequest();
  response.end(JSON.stringify(meta?.type === "api-call" ? meta.pathParams : null));
});

/** Counts what comes without keeping it. */
export const upload = api.raw(
  { method: "POST", path: "/upload", expose: true, bodyLimit: null },
  async (request, response) => {
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const chunk of request) {
      bytes += chunk.length;
      hash.update(chunk);
    }
    response.end(JSON.stringify({ bytes, hash: hash.digest("hex"), rssBytes: process.memoryUsage.rss() }));
  },
);

export const limited = api.raw(
  { method: "POST", path: "/limited", expose: true, bodyLimit: 1000 },
  async (request, response) => {
    response.end(`got ${(await text(request)).length}`);
  },
);

const told: string[] = [];
let sentBytes = 0;

/** Or closed. */
async function drained(response: RawResponse): Promise<void> {
  const settled = new AbortController();
  const { signal } = settled;
  await Promise.race([once(response, "drain", { signal }), once(response, "close", { signal })]);
  settled.abort();
}

/** Writes for as long as somebody reads, a chunk at a time, and waits when told to. */
export const download = api.raw({ method: "GET", path: "/download", expose: true }, async (request, response) => {
  const chunk = Buffer.alloc(64 * 1024, 7);
  const total = Number(new URL(request.url ?? "", "http://x").searchParams.get("bytes"));
  sentBytes = 0;
  response.once("close", () => told.push(`download closed ${response.writableFinished ? "done" : "early"}`));
  while (sentBytes < total && !response.destroyed) {
    sentBytes += chunk.length;
    if (!response.write(chunk)) await drained(response);
  }
  response.end();
});

/** Waits until its client is gone. */
export const hang = api.raw({ method: "POST", path: "/hang", expose: true }, async (request, response) => {
  const name = new URL(request.url ?? "", "http://x").searchParams.get("name") ?? "";
  told.push(`${name} started`);
  request.once("close", () => told.push(`${name} request closed`));
  response.once("close", () => told.push(`${name} response closed`));
  request.resume();
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.flushHeaders();
  await once(response, "close");
});

/** As libraries for CORS do it. */
export const open = api.raw({ method: "GET", path: "/open", expose: true }, (_request, response) => {
  response.writeHead(200, ["Access-Control-Allow-Origin", "https://own.example", "Vary", "accept"]);
  response.end("open");
});

export const state = api({ method: "GET", path: "/state", expose: true }, async () => ({
  told,
  sentBytes,
  rssBytes: process.memoryUsage.rss(),
}));

export const fail = api.raw({ method: "GET", path: "/fail/:how", expose: true }, async (request, response) => {
  const how = request.url?.split("/").at(-1);
  response.setHeader("content-length", "7");
  response.setHeader("cache-control", "max-age=100");
  if (how === "api") throw APIError.notFound("no such thing").withDetails({ id: 7 });
  if (how === "late") {
    response.write("half");
    await sleep(20);
  }
  throw new Error("the reason is nobody's business");
});

export const trailers = api.raw({ method: "GET", path: "/trailers", expose: true }, (_request, response) => {
  response.write("body");
  response.addTrailers({ "x-checksum": "abc" });
  response.end();
});

/** Refuses by the headers, before the body. */
export const picky = api.raw({ method: "POST", path: "/picky", expose: true }, async (request, response) => {
  if (request.headers["x-token"] !== "right") {
    response.statusCode = 403;
    response.end("no");
    return;
  }
  response.end(await text(request));
});

export const privateOne = api.raw({ method: ["GET", "POST"], path: "/private/:name" }, async (request, response) => {
  response.statusCode = 201;
  response.setHeader("x-caller", "seen");
  response.end(`${request.method} ${request.url} ${await text(request)}`);
});

export const guarded = api.raw({ method: "GET", path: "/guarded", expose: true, auth: true }, (_request, response) => {
  response.end("never");
});
