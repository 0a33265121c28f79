import assert from "node:assert/strict";
import { test } from "node:test";
import type { Span } from "@tenon/model";
import { MessageRates } from "./message-rates.ts";

function spanOf(kind: Span["kind"], attributes: Span["attributes"], status: Span["status"] = "ok"): Span {
  const times = { startedAt: 0, durationMs: 1 };
  return {
    traceId: "t",
    spanId: "s",
    parentSpanId: null,
    service: "a",
    name: "n",
    kind,
    ...times,
    status,
    attributes,
    events: [],
  };
}

const published = (count?: number) =>
  spanOf("producer", {
    "messaging.destination.name": "orders",
    ...(count === undefined ? {} : { "messaging.batch.message_count": count }),
  });
const consumed = (status: Span["status"]) =>
  spanOf("consumer", { "messaging.destination.name": "orders", "messaging.consumer.group.name": "mail" }, status);

test("messages are counted for a minute, those of a batch each", () => {
  let now = 1_000_000;
  const rates = new MessageRates(() => now);
  rates.add([published(), published(5), consumed("ok"), consumed("unset"), consumed("error")]);
  assert.equal(rates.publishedPerMinute("orders"), 6);
  assert.deepEqual(rates.of("orders", "mail"), { handledPerMinute: 2, failedPerMinute: 1 });
  now += 30_000;
  rates.add([published(), consumed("ok")]);
  assert.equal(rates.publishedPerMinute("orders"), 7);
  now += 30_000;
  assert.equal(rates.publishedPerMinute("orders"), 1);
  assert.deepEqual(rates.of("orders", "mail"), { handledPerMinute: 1, failedPerMinute: 0 });
  now += 60_000;
  rates.add([published()]);
  assert.equal(rates.publishedPerMinute("orders"), 1);
});

test("a failed publish, other spans and nonsense count nothing", () => {
  const rates = new MessageRates();
  rates.add([
    spanOf("producer", { "messaging.destination.name": "orders" }, "error"),
    spanOf("server", { "messaging.destination.name": "orders" }),
    spanOf("producer", { "messaging.destination.name": "orders", "messaging.operation.name": "relay" }),
    spanOf("producer", {}),
    published(-3),
    published(0.5),
  ]);
  assert.equal(rates.publishedPerMinute("orders"), 0);
  assert.deepEqual(rates.of("none", "mail"), { handledPerMinute: 0, failedPerMinute: 0 });
});
