// Parts of the runtime that an app, or the unit of one, never loads because its graph has nothing of the kind. Each stands behind an
// `import()` whose condition follows from the same graph (lifecycle/open-resources.ts and those around it).
import { type Graph, needsOutbox, usesTopic } from "@tenon/model";

/** How the paths of these modules end. `keepsPackages`: some of the packages that stay folders may be drivers, whose statements are traced. */
export function leftOut(graph: Graph, { keepsPackages }: { readonly keepsPackages: boolean }): string[] {
  const has = featuresOf(graph);
  const parts: readonly (readonly [isNeeded: boolean, files: readonly string[]])[] = [
    [has.databases, ["data/configure-databases.js", "start/migrate.js", "migrations/apply-migrations.js"]],
    [has.databases || keepsPackages, ["data/drivers/trace-drivers.js"]],
    [has.outbox, ["outbox/start-outboxes.js", "start/migrate-outboxes.js", "outbox/outbox-tables.js"]],
    [has.topics, ["messaging/start-messaging.js"]],
    [has.caches, ["cache/clusters.js"]],
    [has.buckets, ["objects/stores.js", "objects/door/answer-object.js"]],
    [has.cronJobs, ["cron/run-job.js", "cron/scheduler.js", "cron/postgres-store.js", "cron/memory-store.js"]],
    [has.streams, ["stream/accept-web-socket.js", "stream/connect-stream.js"]],
    [has.files, ["static/look-up.js", "static/respond-file.js"]],
    [has.secrets, ["secrets/mounted-secrets.js", "secrets/encrypted-file.js"]],
    [has.settings, ["dist/config-files.js"]],
  ];
  return parts.flatMap(([isNeeded, files]) => (isNeeded ? [] : files));
}

function featuresOf(graph: Graph) {
  const all = graph.services;
  const unit = graph.app.unit;
  const hosted = unit === undefined ? all : all.filter(({ name }) => unit.services.includes(name));
  const names = hosted.map(({ name }) => name);
  const isUsed = ({ services }: { readonly services: readonly string[] }) =>
    services.some((name) => names.includes(name));
  const databases = new Set(hosted.flatMap((service) => service.databases));
  const kinds = new Set(all.flatMap(({ endpoints }) => endpoints.map(({ kind }) => kind)));
  return {
    databases: databases.size > 0,
    outbox: [...databases].some((name) => needsOutbox(graph, name)),
    topics: (graph.topics ?? []).some((topic) => hosted.some((service) => usesTopic(service, topic))),
    caches: (graph.caches ?? []).some(isUsed),
    // A public door without services still answers at the addresses of objects.
    buckets: (graph.buckets ?? []).length > 0,
    cronJobs: (graph.cronJobs ?? []).some(({ service }) => names.includes(service)),
    streams: [...kinds].some((kind) => kind.startsWith("stream-")),
    files: kinds.has("static"),
    secrets: graph.secrets.length > 0,
    settings: hosted.some(({ config }) => config !== undefined),
  };
}
