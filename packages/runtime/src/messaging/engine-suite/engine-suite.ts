// What every engine has to do, as tests for Node's own runner: `testEngine` of `@tenon/runtime/engine-suite` runs them against yours, on a
// real server. docs/guides/engines.md says how.
import { describe } from "node:test";
import { type EngineUnderTest, Places } from "./places.ts";
import { testDeadLetters } from "./test-dead-letters.ts";
import { testDelivery } from "./test-delivery.ts";
import { testOrder } from "./test-order.ts";
import { testPublishing } from "./test-publishing.ts";
import { testRetirement } from "./test-retirement.ts";
import { testRestarts } from "./test-restarts.ts";

export type { EngineUnderTest, Promised } from "./places.ts";

/** Registers the tests of one engine. */
export function testEngine(engine: EngineUnderTest): void {
  describe(`messages in ${engine.name}`, { skip: engine.skip ?? false }, () => {
    const places = new Places(engine);
    testPublishing(places);
    testRetirement(places);
    testDelivery(places);
    testOrder(places);
    testDeadLetters(places);
    if (engine.server !== undefined) testRestarts(places, engine.server);
  });
}
