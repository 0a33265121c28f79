// Every case on both lanes, with the bytes arriving in several ways: the lanes must not differ but where differences.mjs says so.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { answers } from "./cases/answers.mjs";
import { bodies } from "./cases/bodies.mjs";
import { connections } from "./cases/connections.mjs";
import { heads } from "./cases/heads.mjs";
import { differences } from "./differences.mjs";
import { lanes, openDoor } from "./lane-door.mjs";
import { arrivalsOf, assertExpected, playCase } from "./play-case.mjs";

const cases = [...bodies, ...heads, ...answers, ...connections];

describe("both lanes", () => {
  const doors = {};
  before(async () => {
    for (const lane of lanes) doors[lane] = await openDoor(lane);
  });
  after(async () => {
    for (const door of Object.values(doors)) await door.close();
  });

  for (const one of cases) {
    test(one.name, async () => {
      const difference = differences[one.name];
      for (const lane of lanes) {
        const isKinder = lane === "compat" && difference !== undefined;
        if (isKinder && difference.compat === undefined) continue;
        const expected = isKinder ? kinder(difference.compat) : one;
        for (const arrival of arrivalsOf(one)) {
          const told = await playCase(doors[lane].port, { ...one, ...expected }, arrival);
          try {
            assertExpected(told, expected);
          } catch (error) {
            error.message = `${lane} lane, ${arrival}: ${error.message}\n${JSON.stringify(told).slice(0, 2000)}`;
            throw error;
          }
        }
      }
      if (difference === undefined && lanes.length === 2) {
        const told = await Promise.all(lanes.map((lane) => playCase(doors[lane].port, one, "whole")));
        assert.deepEqual(told[1], told[0]);
      }
    });
  }
});

function kinder({ statuses, end }) {
  return { answers: statuses.map((status) => ({ status })), end };
}
