// The server is killed and started again under load: consumers go on by themselves, nothing acknowledged is lost, keys stay in order, and
// who publishes meanwhile is told so.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Broker } from "../broker.ts";
import {
  ascending,
  handled,
  messageOf,
  numberOf,
  type Places,
  type ServerUnderTest,
  subscriptionOf,
  until,
} from "./places.ts";

const keys = ["a", "b", "c", "d"];

class Load {
  readonly acknowledged: number[] = [];
  refused = 0;
  #isRunning = true;
  #next = 0;
  readonly #writers: Promise<void>[];

  /** One message per key in turn; each has its answer before the next. */
  constructor(broker: Broker) {
    this.#writers = keys.map((key) => this.#write(broker, key));
  }

  async #write(broker: Broker, key: string): Promise<void> {
    while (this.#isRunning) {
      const n = this.#next++;
      try {
        await broker.publish("orders", [messageOf(n, key)]);
        this.acknowledged.push(n);
      } catch {
        this.refused++;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    await Promise.all(this.#writers);
  }
}

export function testRestarts(places: Places, server: ServerUnderTest): void {
  for (const isOrdered of places.orders) {
    describe(`the server killed under load, ${isOrdered ? "in order" : "without order"}`, () => {
      it("loses nothing that was acknowledged", async (t) => {
        const place = await places.open(t);
        const subscription = subscriptionOf({ isOrdered, ackDeadlineMs: 2_000 });
        const broker = await place.broker(subscription);
        const byKey = new Map(keys.map((key) => [key, [] as number[]]));
        place.consume(broker, subscription, (delivery) => {
          byKey.get(delivery.orderingKey ?? "")?.push(numberOf(delivery));
          return handled;
        });
        const seen = () => new Set([...byKey.values()].flat());
        const load = new Load(broker);
        for (let round = 0; round < 3; round++) {
          const before = seen().size;
          await until("messages", () => seen().size > before + 100);
          await server.kill();
          await until("a refusal", () => load.refused > round);
          await server.restart();
        }
        const before = seen().size;
        await until("messages after the restart", () => seen().size > before + 100);
        await load.stop();
        await until("all that was acknowledged", () => {
          const all = seen();
          return load.acknowledged.every((n) => all.has(n));
        });
        if (isOrdered) {
          for (const numbers of byKey.values()) {
            const firsts = [...new Set(numbers)];
            assert.deepEqual(firsts, ascending(firsts));
          }
        }
        await place.untilEmpty();
        assert.deepEqual(await place.deadLetters(), []);
      });
    });
  }
}
