// Writes down which subscriptions there are: publishers read it with every message, consumers take by its ids.
import type pg from "pg";
import { type SubscriptionSpec, type TopicSpec, unseenMs } from "../broker.ts";
import { sight } from "./sight.ts";
import { laneCount, laneSql, prepareTables } from "./schema.ts";
import { withClient } from "./with-client.ts";

/** The ids in the tables, by "topic/subscription". */
export async function declareTopics(
  connectionString: string,
  topics: readonly TopicSpec[],
): Promise<ReadonlyMap<string, number>> {
  return await withClient(connectionString, async (client) => {
    await prepareTables(client);
    const ids = new Map<string, number>();
    for (const { name: topic, subscriptions } of topics) {
      for (const subscription of subscriptions) {
        ids.set(`${topic}/${subscription.name}`, await declareSubscription(client, subscription));
      }
    }
    await sight(client, topics, ids, { retireAfterMs: unseenMs });
    return ids;
  });
}

/** Writes only what has changed: processes start together, and with a role that may read. */
async function declareSubscription(client: pg.Client, subscription: SubscriptionSpec): Promise<number> {
  const { topic, name, isOrdered, filter } = subscription;
  const filterText = filter === null ? null : JSON.stringify(filter);
  const { rows } = await client.query<{ id: number; is_ordered: boolean; is_same: boolean }>(
    `SELECT id, is_ordered, is_active AND filter IS NOT DISTINCT FROM $3::jsonb AS is_same
     FROM tenon_messages.subscription WHERE topic = $1 AND name = $2`,
    [topic, name, filterText],
  );
  const known = rows[0];
  if (known?.is_same && known.is_ordered === isOrdered) return known.id;
  await client.query("BEGIN");
  try {
    if (known !== undefined && known.is_ordered !== isOrdered) await changeOrder(client, known.id, isOrdered);
    const { rows: written } = await client.query<{ id: number }>(
      `INSERT INTO tenon_messages.subscription (topic, name, is_ordered, filter) VALUES ($1, $2, $3, $4)
       ON CONFLICT (topic, name) DO UPDATE SET is_ordered = excluded.is_ordered, filter = excluded.filter, is_active = true, seen_at = now()
       RETURNING id`,
      [topic, name, isOrdered, filterText],
    );
    const { id } = written[0]!;
    if (isOrdered) await makeLanes(client, id);
    await client.query("COMMIT");
    return id;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
}

/**
 * What waits since before the topic had an order, or lost it, is for the consumers of today. Nobody publishes meanwhile: what is being
 * published still goes by the old order, and would be left behind.
 */
async function changeOrder(client: pg.Client, id: number, isOrdered: boolean): Promise<void> {
  await client.query("LOCK TABLE tenon_messages.delivery IN SHARE ROW EXCLUSIVE MODE");
  await client.query(
    `UPDATE tenon_messages.delivery SET lane = CASE WHEN $2 THEN ${laneSql("ordering_key")} END,
       is_retry = $2 AND attempts > 0 AND run_at > now(), is_scheduled = $2 AND attempts = 0 AND run_at > now()
     WHERE subscription = $1 AND (lane IS NOT NULL) <> $2`,
    [id, isOrdered],
  );
}

async function makeLanes(client: pg.Client, id: number): Promise<void> {
  await client.query(
    `INSERT INTO tenon_messages.lane (subscription, lane)
     SELECT $1, lane FROM generate_series(0, $2::int - 1) AS lane ON CONFLICT DO NOTHING`,
    [id, laneCount],
  );
}
