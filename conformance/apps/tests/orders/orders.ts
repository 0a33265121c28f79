// Orders of users: kept, announced, swept away every hour.
import { api, APIError } from "tenon/api";
import { config } from "tenon/config";
import { CronJob } from "tenon/cron";
import { SQLDatabase } from "tenon/storage/sqldb";
import type { Min } from "tenon/validate";
import { users } from "~tenon/clients";
import { placed } from "./placed";

const settings = config<{ maxQuantity: number }>();
const db = new SQLDatabase("orders", { migrations: "./migrations" });

interface Order {
  id: string;
  quantity: number & Min<1>;
}

export const place = api(
  { expose: true, path: "/orders", method: "POST" },
  async ({ id, userId, quantity }: Order & { userId: string }): Promise<Order> => {
    if (quantity > settings.maxQuantity) throw APIError.outOfRange(`at most ${settings.maxQuantity}`);
    const user = await users.get({ id: userId });
    if (!user.mayOrder) throw APIError.permissionDenied("may not order");
    await db.exec`INSERT INTO orders (id, user_id, quantity) VALUES (${id}, ${userId}, ${quantity})`;
    await placed.publish({ orderId: id, email: user.email, at: new Date() });
    return { id, quantity };
  },
);

export const count = api({}, async (): Promise<{ orders: number; sweeps: number }> => {
  const row = await db.queryRow<{ orders: number; sweeps: number }>`
    SELECT (SELECT count(*)::int FROM orders) AS orders, (SELECT count(*)::int FROM sweeps) AS sweeps`;
  return row!;
});

export const sweep = api({}, async (): Promise<void> => {
  await db.exec`INSERT INTO sweeps DEFAULT VALUES`;
});

export const hourly = new CronJob("sweep", { every: "1h", endpoint: sweep });
