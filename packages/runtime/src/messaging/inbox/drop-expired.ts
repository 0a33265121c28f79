// How the inbox forgets: what has expired goes, a portion at a time. Several processes may be at it, each with rows of its own.

export const mostDropped = 1_000;

export const dropExpiredSql = `DELETE FROM tenon_outbox.handled AS h USING (
  SELECT subscription, message_id FROM tenon_outbox.handled WHERE expires_at < now()
  ORDER BY expires_at LIMIT ${mostDropped} FOR UPDATE SKIP LOCKED) AS expired
WHERE h.subscription = expired.subscription AND h.message_id = expired.message_id RETURNING 1`;
