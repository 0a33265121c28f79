// A whole request, from the socket through parser, router, spans and handler back to the socket.
import { hostApp } from "../../harness/hosted-app.mjs";
import { connectPipelined } from "../../harness/pipelined-client.mjs";

let send;

export async function prepare(packagesDir) {
  const gateway = await hostApp(packagesDir, "http/tenon", ["door"]);
  send = await connectPipelined(gateway, "GET /hello/world HTTP/1.1\r\nhost: bench\r\n\r\n");
}

export const run = (iterations) => send(iterations);
