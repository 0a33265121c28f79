// Writes down that a process has subscriptions in its code, and retires those that no process has had for a long time. All by the server's
// clock. Rows are locked in one order, since processes do this at the same time.
import type pg from "pg";
import type { TopicSpec } from "../broker.ts";
import { type Sighting, seenLatelyMs } from "../engine/stay-seen.ts";

const seenSql = `
  WITH ours AS (
    SELECT id FROM tenon_messages.subscription
    WHERE id = ANY ($1::int[]) AND (NOT is_active OR seen_at < now() - $2::float8 * interval '1 millisecond')
    ORDER BY id FOR NO KEY UPDATE)
  UPDATE tenon_messages.subscription AS s SET seen_at = now(), is_active = true FROM ours WHERE s.id = ours.id`;

const retireSql = `
  WITH unseen AS (
    SELECT id FROM tenon_messages.subscription
    WHERE topic = ANY ($1::text[]) AND is_active AND seen_at < now() - $2::float8 * interval '1 millisecond'
    ORDER BY id FOR NO KEY UPDATE)
  UPDATE tenon_messages.subscription AS s SET is_active = false FROM unseen WHERE s.id = unseen.id`;

/** `ids`: of the subscriptions of the topics. Publishers join what is active with each message. */
export async function sight(
  client: pg.Client,
  topics: readonly TopicSpec[],
  ids: ReadonlyMap<string, number>,
  { retireAfterMs }: Sighting,
): Promise<void> {
  await client.query(seenSql, [[...ids.values()], seenLatelyMs]);
  if (retireAfterMs === null) return;
  await client.query(retireSql, [topics.map(({ name }) => name), retireAfterMs]);
}
