// Services, databases and the engine of the shop are killed while customers order and cancel. Then its books are looked at: no order is paid
// without stock, stock goes back when it is not paid, each customer is told once, and nothing that was accepted is lost.
//
// On the default engine; TENON_SHOP_ENGINES=postgres,nats,redis names others.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { eventually } from "./harness/eventually.mjs";
import { engines } from "./kills/engines.mjs";
import { strike } from "./kills/nemesis.mjs";
import { Random } from "./kills/random.mjs";
import { auditShop } from "./shop/books.mjs";
import { openShop } from "./shop/production.mjs";

const kills = 12;
const customers = 6;
const cancelShare = 0.15;
const progressDeadlineMs = 60_000;
const settleDeadlineMs = 120_000;
/** The card is refused for two sofas; there are fewer mugs than customers want. */
const goods = [
  { name: "Mug", priceCents: 1_200, stock: 40 },
  { name: "Poster", priceCents: 2_500, stock: 1_000 },
  { name: "Sofa", priceCents: 60_000, stock: 500 },
];

/** Orders until told to stop. */
class Customers {
  accepted = new Set();
  #shop;
  #isRunning = true;
  #done;

  constructor(shop, products, random) {
    this.#shop = shop;
    const each = Array.from({ length: customers }, (_, number) => this.#buy(products, random.fork(number)));
    this.#done = Promise.all(each);
  }

  async #buy(products, random) {
    while (this.#isRunning) {
      const order = await this.#order([
        { productId: random.pick(products), quantity: 1 + random.below(2) },
        { productId: random.pick(products), quantity: 1 },
      ]);
      if (order?.status === 200) {
        this.accepted.add(order.body.id);
        if (random.isTrue(cancelShare)) await this.#ask("POST", `/orders/${order.body.id}/cancel`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  #order(lines) {
    return this.#ask("POST", "/orders", { userId: "ada", lines });
  }

  #ask(...args) {
    return this.#shop.request(...args).catch(() => undefined);
  }

  async stop() {
    this.#isRunning = false;
    await this.#done;
  }
}

async function decided({ deployment }) {
  const [row] = await deployment.query("orders", "SELECT count(*)::int AS n FROM orders WHERE status <> 'pending'");
  return row.n;
}

for (const engine of (process.env.TENON_SHOP_ENGINES ?? "postgres").split(",")) {
  const { missing } = engines[engine];
  describe(`crashes of the shop on ${engine}`, { skip: missing }, () => {
    let shop;
    before(async () => {
      shop = await openShop({ engine, topology: "a process each" });
    });
    after(() => shop?.close());

    test(`${kills} kills, and the books are right`, async (t) => {
      const seed = Date.now();
      t.diagnostic(`seed ${seed}`);
      const random = new Random(seed);
      const made = await Promise.all(goods.map((product) => shop.request("POST", "/products", product)));
      const stock = Object.fromEntries(made.map(({ body }) => [body.id, body.stock]));
      const load = new Customers(shop, Object.keys(stock), random.fork("customers"));
      const progress = async () => {
        const before = { accepted: load.accepted.size, decided: await eventually("the orders", () => decided(shop)) };
        const isMoving = async () => load.accepted.size > before.accepted && (await decided(shop)) > before.decided;
        await eventually("orders to go on", isMoving, { deadlineMs: progressDeadlineMs });
      };
      const byRole = await strike({
        kills,
        victims: shop.deployment.victims,
        random: random.fork("nemesis"),
        record: () => {},
        progress,
      }).finally(() => load.stop());
      await shop.deployment.allServing();
      let wrong = [];
      await eventually(
        "the books to be right",
        async () => {
          wrong = await auditShop(shop.deployment, { accepted: load.accepted, stock });
          return wrong.length === 0 && (await shop.deployment.backlog()) === 0;
        },
        { deadlineMs: settleDeadlineMs, everyMs: 500 },
      ).catch((error) => assert.fail([error.message, error.cause?.message ?? "", ...wrong].join("\n")));
      t.diagnostic(JSON.stringify({ kills: byRole, accepted: load.accepted.size, decided: await decided(shop) }));
    });
  });
}
