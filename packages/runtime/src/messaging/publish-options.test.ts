import assert from "node:assert/strict";
import { test } from "node:test";
import type { Topic } from "@tenon/model";
import { useClock } from "../clock/clock.ts";
import { VirtualClock } from "../clock/virtual-clock.ts";
import { MessagingError } from "./errors.ts";
import { nameBasedId } from "./name-based-id.ts";
import { type AnyPublishOptions, planPublish } from "./publish-options.ts";

const topic: Topic = {
  name: "placed",
  message: { kind: "object", properties: [] },
  deliveryGuarantee: "at-least-once",
  attributes: ["customer"],
  publishers: [],
  subscriptions: [],
  location: { file: "placed.ts", line: 1, column: 1 },
};
const ordered: Topic = { ...topic, orderingAttribute: "customer" };
const startMs = Date.UTC(2026, 0, 1);

/** A time that stands still. */
function at(run: () => void): void {
  const putBack = useClock(new VirtualClock(startMs, async () => {}));
  try {
    run();
  } finally {
    putBack();
  }
}

test("an id by name is what RFC 9562 makes of namespace and name", () => {
  // Python's uuid.uuid5 of the same.
  assert.equal(nameBasedId("order-placed", "order-7"), "8f5c9386-d013-58cb-ad5f-d94d7350e3be");
  assert.notEqual(nameBasedId("order-placed", "order-7"), nameBasedId("order-moved", "order-7"));
});

test("a message without options is new, and is delivered at once", () => {
  const plan = planPublish(topic, 1, {});
  assert.deepEqual([plan.deliverAt, plan.mayBeRepeat], [null, false]);
  assert.notEqual(plan.idOf({}, 0), plan.idOf({}, 1));
});

test("a delay counts from now, and a time that has passed is at once", () => {
  at(() => {
    const deliverAt = (options: AnyPublishOptions) => planPublish(topic, 1, options).deliverAt;
    assert.deepEqual(deliverAt({ delay: "10m" }), new Date(startMs + 600_000));
    assert.deepEqual(deliverAt({ deliverAt: new Date(startMs + 1) }), new Date(startMs + 1));
    assert.equal(deliverAt({ deliverAt: new Date(startMs) }), null);
    assert.equal(deliverAt({ delay: "0s" }), null);
  });
});

test("the same dedupKey is the same message, in any process", () => {
  const plan = planPublish(topic, 1, { dedupKey: "a" });
  assert.ok(plan.mayBeRepeat);
  assert.equal(plan.idOf({}, 0), nameBasedId("placed", "a"));
  const ofBatch = planPublish(topic, 2, { dedupKey: ((message: { id: string }) => message.id) as never });
  assert.deepEqual(
    ["a", "b"].map((id, index) => ofBatch.idOf({ id }, index)),
    [nameBasedId("placed", "a"), nameBasedId("placed", "b")],
  );
});

test("what cannot be is refused by name", () => {
  const refusals: [Topic, number, object, string, RegExp][] = [
    [topic, 1, { delay: "soon" }, "publish_option_invalid", /delay must be a duration such as "10m", got "soon"/],
    [topic, 1, { delay: 5 }, "publish_option_invalid", /got 5/],
    [topic, 1, { deliverAt: new Date("x") }, "publish_option_invalid", /deliverAt must be a Date/],
    [topic, 1, { deliverAt: "2026-01-01" }, "publish_option_invalid", /deliverAt must be a Date, got "2026-01-01"/],
    [topic, 1, { delay: "4000000d" }, "publish_option_invalid", /beyond the year 9999/],
    [topic, 1, { delay: "1s", deliverAt: new Date() }, "publish_option_invalid", /exclude each other/],
    [topic, 2, { dedupKey: "a" }, "publish_option_invalid", /several messages cannot have one dedupKey/],
    [ordered, 1, { delay: "1s" }, "delay_on_ordered_topic", /"placed" cannot be delayed/],
    [ordered, 1, { deliverAt: new Date() }, "delay_on_ordered_topic", /"placed" cannot be delayed/],
  ];
  for (const [declared, count, options, code, message] of refusals) {
    assert.throws(
      () => planPublish(declared, count, options as AnyPublishOptions),
      (error) => {
        assert.ok(error instanceof MessagingError);
        assert.equal(error.code, code);
        assert.match(error.message, message);
        return true;
      },
    );
  }
  for (const dedupKey of ["", 7 as never, () => ""]) {
    assert.throws(() => planPublish(topic, 1, { dedupKey }).idOf({}, 0), /dedupKey must be a text/);
  }
});
