// pg-boss with the settings for throughput and latency that its documentation names: whole batches to one handler, the next one without a
// pause while they are full, woken by NOTIFY.
import { PgBoss } from "pg-boss";

const name = "events";

export async function createQueue(connectionString) {
  const boss = new PgBoss({ connectionString, schedule: false, useListenNotify: true });
  boss.on("error", (error) => console.error(error));
  await boss.start();
  await boss.createQueue(name, { notify: true });
  return {
    publish: (message) => boss.send(name, message),
    publishBatch: (messages) =>
      boss.insert(
        name,
        messages.map((data) => ({ data })),
      ),
    consume: (concurrency, handle) =>
      boss.work(
        name,
        { batchSize: concurrency, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true },
        async (jobs) => {
          for (const { data } of jobs) handle(data);
        },
      ),
    stop: () => boss.stop({ graceful: false }),
  };
}
