// What a broker that remembers no ids is given of an outbox.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import type { SpanTemplate } from "../../telemetry/span-template.ts";
import type { Broker, OutgoingMessage } from "../broker.ts";
import { nameBasedId } from "../name-based-id.ts";
import { SendRound } from "./send-round.ts";

function rowOf(place: number, id: string) {
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
  const rest = { attributes: {}, orderingKey: null, traceparent, deliverAt: null, mayBeRepeat: true };
  return { place: String(place), topic: "placed", message: { id, payload: "{}", ...rest } };
}

for (const remembersIds of [undefined, false] as const) {
  test(`a broker that ${remembersIds === false ? "remembers no" : "remembers"} ids`, async () => {
    const given: OutgoingMessage[] = [];
    const broker = {
      system: "test",
      ...(remembersIds === undefined ? {} : { remembersIds }),
      publish: async (_: string, messages: readonly OutgoingMessage[]) => void given.push(...messages),
    } as unknown as Broker;
    const round = new SendRound(broker, () => assert.fail("nothing here is sampled") as unknown as SpanTemplate);
    await round.send([rowOf(1, randomUUID()), rowOf(2, nameBasedId("placed", "order 7"))], false);
    assert.deepEqual(
      given.map(({ mayBeRepeat }) => mayBeRepeat),
      [remembersIds !== false, true],
    );
  });
}
