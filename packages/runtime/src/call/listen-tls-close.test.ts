// A door with TLS closes in time whatever its clients are doing.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { describe, it } from "node:test";
import { cert, key } from "./certificate.test.support.ts";
import { listen } from "./listen.ts";

describe("a door with TLS", { timeout: 60_000 }, () => {
  it("closes although a client has connected that never begins its handshake", async () => {
    const door = await listen({
      address: { host: "127.0.0.1", port: 0, tls: { cert, key } },
      answer: () => ({ status: 200, headers: {}, body: "ok" }),
      answerUpgrade: () => assert.fail("no upgrade"),
    });
    const client = connect(Number(new URL(door.address).port), "127.0.0.1");
    client.on("error", () => {});
    await new Promise((resolve) => client.once("connect", resolve));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closed = new Promise((resolve) => client.once("close", resolve));
    await door.close({ timeoutMs: 200 });
    await closed;
  });
});
