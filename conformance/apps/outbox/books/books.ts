// Books every order once, and says so.
import { api } from "tenon/api";
import { Subscription } from "tenon/pubsub";
import { SQLDatabase } from "tenon/storage/sqldb";
import { placed } from "../orders/topics.ts";
import { booked } from "./topics.ts";

const database = new SQLDatabase("books", { migrations: "./migrations" });

/** How often the handler ran for an order, kept where no rollback reaches. */
const runs = new Map<string, number>();

new Subscription(placed, "book", {
  database,
  ackDeadline: "3s",
  retryPolicy: { minBackoff: "20ms", maxBackoff: "50ms" },
  handler: async ({ id, customer, failures }, { tx, attempt, messageId }) => {
    runs.set(id, (runs.get(id) ?? 0) + 1);
    await tx.exec`insert into bookings (id, customer, runs) values (${id}, ${customer}, ${runs.get(id)!})`;
    await booked.publish({ id });
    if (attempt <= failures) throw new Error(`attempt ${attempt} of ${messageId} fails after all was done`);
  },
});

interface Booking {
  id: string;
  runs: number;
}

export const list = api(
  { method: "GET", path: "/bookings/:customer", expose: true },
  async ({ customer }: { customer: string }): Promise<{ bookings: Booking[] }> => ({
    bookings: await database.queryAll<Booking>`
      select id, runs from bookings where customer = ${customer} order by place`,
  }),
);
