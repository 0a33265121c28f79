// graphile-worker with the settings that the page on performance in its documentation names: a local queue and batched completion.
import { Logger, makeWorkerUtils, run } from "graphile-worker";

const name = "event";
const logger = new Logger(() => () => {});

export async function createQueue(connectionString) {
  const utils = await makeWorkerUtils({ connectionString, logger });
  await utils.migrate();
  let runner;
  return {
    publish: (message) => utils.addJob(name, message),
    publishBatch: (messages) => utils.addJobs(messages.map((payload) => ({ identifier: name, payload }))),
    async consume(concurrency, handle) {
      const worker = {
        connectionString,
        concurrentJobs: concurrency,
        maxPoolSize: 10,
        localQueue: { size: 500 },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
        logger,
      };
      runner = await run({
        preset: { worker },
        noHandleSignals: true,
        taskList: { [name]: async (data) => handle(data) },
      });
    },
    async stop() {
      await runner?.stop();
      await utils.release();
    },
  };
}
