// Forgets ids of messages that may be repeats once they are older than the time for which a repeat is told. Whoever publishes such
// messages does it now and then; nobody does where there are none.
import { dedupWindowMs } from "../broker.ts";
import type { Connections } from "./connection.ts";

const everyMs = 60_000;
const mostAtOnce = 5_000;

const forgetSql = `DELETE FROM tenon_messages.accepted AS a USING (
    SELECT topic, message_id FROM tenon_messages.accepted
    WHERE accepted_at < now() - interval '${dedupWindowMs} milliseconds'
    ORDER BY accepted_at LIMIT ${mostAtOnce} FOR UPDATE SKIP LOCKED) AS old
  WHERE a.topic = old.topic AND a.message_id = old.message_id RETURNING 1`;

export class AcceptedIds {
  readonly #connections: Connections;
  #timer: NodeJS.Timeout | undefined;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  /** Some were written down: they are to be forgotten one day. */
  expect(): void {
    this.#timer ??= setInterval(() => void this.forget(), everyMs).unref();
  }

  /** Resolves with how many were forgotten. */
  async forget(): Promise<number> {
    let forgotten = 0;
    try {
      for (;;) {
        const rows = await this.#connections.run({ name: "tenon-forget", text: forgetSql });
        forgotten += rows.length;
        if (rows.length < mostAtOnce) return forgotten;
      }
    } catch {
      // The server is away; the next time will do.
      return forgotten;
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
