// Archives orders: what it tells of it leaves with its transaction, and is taken in another one.
import { APIError, api } from "tenon/api";
import { Subscription } from "tenon/pubsub";
import { SQLDatabase } from "tenon/storage/sqldb";
import { archived } from "./placed";

const db = SQLDatabase.named("orders");

export const archive = api({}, async ({ id, fails }: { id: string; fails: boolean }): Promise<void> => {
  await db.transaction(async (tx) => {
    await tx.exec`DELETE FROM orders WHERE id = ${id}`;
    await archived.publish({ orderId: id });
    if (fails) throw APIError.aborted("as was asked");
  });
});

new Subscription(archived, "keep", {
  database: db,
  handler: async ({ orderId }, { tx }) => {
    await tx.exec`INSERT INTO orders (id, user_id, quantity) VALUES (${`archived ${orderId}`}, 'nobody', 1)`;
  },
});
