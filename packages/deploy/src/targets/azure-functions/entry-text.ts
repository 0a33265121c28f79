// azure.mjs of a function app: registers its doors, timers and queues in the programming model v4.
import type { FunctionApp } from "./resources.ts";

export function entryText({ timers, queues }: FunctionApp): string {
  const registered = [
    `app.http("http", {
  methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
  authLevel: "anonymous",
  route: "{*path}",
  handler: tenon.http,
});`,
    ...timers.map(
      ({ job, schedule }) =>
        `app.timer(${quoted(`cron-${job}`)}, { schedule: ${quoted(schedule)}, handler: tenon.timer(${quoted(job)}) });`,
    ),
    ...queues.map(
      ({ subscription, queue }) => `app.serviceBusQueue(${quoted(`queue-${queue}`)}, {
  connection: "ServiceBus",
  queueName: ${quoted(queue)},
  handler: tenon.queue(${quoted(subscription)}),
});`,
    ),
  ];
  return `// What Azure Functions loads: the services of this package.
import { app } from "@azure/functions";
import { createFunction } from "./runtime/main.js";

const tenon = await createFunction("azure");
app.setup({ enableHttpStream: true });
${registered.join("\n")}
`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
