// Keeps orders and tells of them in one transaction.
import { APIError, api } from "tenon/api";
import { Subscription } from "tenon/pubsub";
import { SQLDatabase } from "tenon/storage/sqldb";
import { booked } from "../books/topics.ts";
import { placed } from "./topics.ts";

const db = new SQLDatabase("orders", { migrations: "./migrations" });

interface Place {
  ids: string[];
  customer: string;
  failures?: number;
  /** The transaction fails after all was done. */
  rollsBack?: boolean;
}

export const place = api(
  { method: "POST", path: "/orders", expose: true },
  async ({ ids, customer, failures = 0, rollsBack = false }: Place): Promise<{ messageIds: string[] }> =>
    db.transaction(async (tx) => {
      for (const id of ids) await tx.exec`insert into orders values (${id})`;
      const messageIds = await placed.publishBatch(ids.map((id) => ({ id, customer, failures })));
      if (rollsBack) throw APIError.aborted("as was asked");
      return { messageIds };
    }),
);

export const list = api(
  { method: "GET", path: "/orders", expose: true },
  async (): Promise<{ orders: string[]; confirmations: string[] }> => ({
    orders: (await db.queryAll`select id from orders order by id`).map(({ id }) => id),
    confirmations: (await db.queryAll`select id from confirmations order by id`).map(({ id }) => id),
  }),
);

export const process = api(
  { method: "GET", path: "/orders/process", expose: true },
  async (): Promise<{ pid: number }> => ({ pid: globalThis.process.pid }),
);

new Subscription(booked, "confirm", {
  database: db,
  ackDeadline: "3s",
  handler: async ({ id }, { tx }) => {
    await tx.exec`insert into confirmations values (${id})`;
  },
});
