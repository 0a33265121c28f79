// Whoever asks late whether the client is still there is told all the same: its auth handler may have taken longer than the client waited.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, it } from "node:test";
import type { IncomingRequest } from "./exchange.ts";
import { listen } from "./listen.ts";

describe("a client that has gone already", { timeout: 60_000 }, () => {
  for (const lane of ["fast", "compat"] as const) {
    it(`is noticed on the ${lane} lane by who begins to watch only then`, async () => {
      let ask: (request: IncomingRequest) => void = () => {};
      const asked = new Promise<IncomingRequest>((resolve) => {
        ask = resolve;
      });
      const door = await listen({
        address: { host: "127.0.0.1", port: 0 },
        answer: (request) => {
          ask(request);
          return new Promise(() => {});
        },
        answerUpgrade: () => assert.fail("no upgrade"),
        fastLane: () => lane === "fast",
      });
      const client = connect(Number(new URL(door.address).port), "127.0.0.1");
      client.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
      const request = await asked;
      const gone = new Promise<void>((resolve) => request.onClientGone(resolve));
      client.destroy();
      await once(client, "close");
      await gone;
      let times = 0;
      request.onClientGone(() => times++);
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(times, 1);
      await door.close({ timeoutMs: 1000 });
    });
  }
});
