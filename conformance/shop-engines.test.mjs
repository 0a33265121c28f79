// The shop on each engine, in one process and in a process for each service: the same program and the same build, by infra.json alone.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { engines } from "./kills/engines.mjs";
import { checkChat, checkCustomer, checkPage, checkWatch } from "./shop/customers.mjs";
import { openShop, topologies } from "./shop/production.mjs";
import { walkThroughTheShop } from "./shop/walk.mjs";

const answers = new Map();

for (const [engine, { missing }] of Object.entries(engines)) {
  for (const topology of Object.keys(topologies)) {
    describe(`shop on ${engine}, ${topology}`, { skip: missing }, () => {
      let shop;
      before(async () => {
        shop = await openShop({ engine, topology });
      });
      after(() => shop?.close());

      test("answers the requests of the README", async () => {
        answers.set(`${engine}, ${topology}`, await walkThroughTheShop(shop));
      });
      test("knows who is logged in, in every service, and thanks for an order", () => checkCustomer(shop));
      test("tells of an order's changes while they happen", () => checkWatch(shop));
      test("lets customers chat, and nobody else", () => checkChat(shop));
      test("serves its page, timed as everything else", () => checkPage(shop));
    });
  }
}

test("the shop answers the same on every engine", () => {
  const [first, ...others] = answers.values();
  assert.ok(first !== undefined);
  for (const other of others) assert.deepEqual(other, first);
});
