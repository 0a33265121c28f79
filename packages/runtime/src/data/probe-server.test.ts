// Who is told to be silent: a server that does not answer, and not one whose answer this process was too busy to read.
import assert from "node:assert/strict";
import { createServer, type AddressInfo, type Server } from "node:net";
import { afterEach, describe, it } from "node:test";
import { probeServer } from "./probe-server.ts";

let server: Server;
afterEach(() => server.close());

async function listen(answer: string | undefined): Promise<{ host: string; port: number }> {
  server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", () => answer !== undefined && socket.end(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
}

describe("probeServer", () => {
  it("hears a server that answers, and one that does not", async () => {
    assert.equal(await probeServer(await listen("N"), 10_000), true);
    server.close();
    assert.equal(await probeServer(await listen(undefined), 50), false);
  });

  it("does not take its own standing still for the server's silence", async () => {
    const answer = probeServer(await listen("N"), 500);
    const until = performance.now() + 1_000;
    while (performance.now() < until);
    assert.equal(await answer, true);
  });
});
