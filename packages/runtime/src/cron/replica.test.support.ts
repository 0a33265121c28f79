// One replica of an app with a cron job, as a process of its own with a virtual clock: told over IPC to move on, and writes every run
// into the table `ran`.
import pg from "pg";
import { useClock } from "../clock/clock.ts";
import { VirtualClock } from "../clock/virtual-clock.ts";
import { createPostgresStore } from "./postgres-store.ts";
import { Scheduler } from "./scheduler.ts";

const [connectionString = "", startAt = "0", label = ""] = process.argv.slice(2);
const clock = new VirtualClock(Number(startAt));
useClock(clock);
const pool = new pg.Pool({ connectionString, max: 2 });

const scheduler = new Scheduler(
  [
    {
      name: "tick",
      service: "users",
      endpoint: "sweep",
      schedule: { kind: "every", seconds: 60 },
      overlap: "allow",
      catchUp: "none",
      location: { file: "users/users.ts", line: 1, column: 1 },
    },
  ],
  createPostgresStore(connectionString),
  async (_, tickAt) => {
    await pool.query("INSERT INTO ran (tick, replica) VALUES ($1, $2)", [tickAt, label]);
    return { traceId: "0".repeat(32), ok: true };
  },
);

process.on("message", async (message: { readonly advanceMs: number }) => {
  await clock.advance(message.advanceMs);
  process.send?.("advanced");
});
await scheduler.start();
process.send?.("ready");
