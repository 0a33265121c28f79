// A whole request with a header, a query and a body to validate.
import { hostApp } from "../../harness/hosted-app.mjs";
import { connectPipelined } from "../../harness/pipelined-client.mjs";
import { scenarios } from "../../http/scenarios.mjs";

let send;

export async function prepare(packagesDir) {
  const gateway = await hostApp(packagesDir, "http/tenon", ["door"]);
  const [{ method, path, headers, body }] = scenarios.schema.requests;
  const lines = { host: "bench", ...headers, "content-length": Buffer.byteLength(body) };
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
  send = await connectPipelined(gateway, `${method} ${path} HTTP/1.1\r\n${head.join("")}\r\n${body}`);
}

export const run = (iterations) => send(iterations);
