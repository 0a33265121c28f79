// Every trick of the corpus, on both lanes: refused, or understood as the corpus says, and never as what it hides.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { lanes, openDoor } from "../lane-door.mjs";
import { WireClient } from "../wire.mjs";
import { tricks } from "./tricks.mjs";

const LAST = "GET /echo?last HTTP/1.1\r\nhost: example.com\r\n\r\n";

for (const lane of lanes) {
  describe(`smuggling, ${lane} lane`, () => {
    let door;
    before(async () => {
      door = await openDoor(lane);
    });
    after(() => door?.close());

    for (const { name, bytes, outcome, compat } of tricks) {
      const expected = lane === "compat" ? (compat ?? outcome) : outcome;
      test(name, { skip: expected === "varies" && "versions of Node differ" }, async () => {
        assert.equal(await outcomeOf(door.port, bytes), expected);
      });
    }
  });
}

/** Sends the trick and one honest request behind it. */
async function outcomeOf(port, bytes) {
  const client = await WireClient.open(port);
  const told = [];
  try {
    await client.send(bytes + LAST);
    for (;;) {
      const answer = await client.readAnswer();
      if (answer === undefined) return [...told, "closed"].join(", ");
      const isSeen = answer.status === 200;
      const seen = isSeen ? JSON.parse(answer.body) : undefined;
      if (seen?.query === "last") return [...told, "open"].join(", ");
      told.push(isSeen ? `${seen.method} ${seen.query} ${JSON.stringify(seen.body)}` : String(answer.status));
      const isClosing = answer.headers.some(([field, value]) => field === "connection" && value === "close");
      if (isClosing && !isSeen) {
        assert.equal(await client.untilClosed(), "");
        return told.join(", ");
      }
    }
  } finally {
    client.destroy();
  }
}
