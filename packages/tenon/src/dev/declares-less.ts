// Whether a version of the app declares less than the one before: fewer endpoints in a service, fewer databases, and so on.
import type { Graph } from "@tenon/model";

/** Names do not count: an endpoint that is called differently now is no loss. */
export function declaresLess(before: Graph, now: Graph): boolean {
  const counts = countsOf(now);
  return [...countsOf(before)].some(([what, count]) => (counts.get(what) ?? 0) < count);
}

/** By service what it serves, by kind what belongs to the app. */
function countsOf(graph: Graph): Map<string, number> {
  const topics = graph.topics ?? [];
  const ofApp = {
    databases: graph.databases,
    secrets: graph.secrets,
    gateways: graph.gateways,
    middleware: graph.middleware,
    authHandlers: graph.authHandlers,
    cronJobs: graph.cronJobs,
    metrics: graph.metrics,
    topics,
    subscriptions: topics.flatMap(({ subscriptions }) => subscriptions),
    buckets: graph.buckets,
    caches: graph.caches,
  };
  const counts = new Map(Object.entries(ofApp).map(([kind, list]) => [kind, list?.length ?? 0]));
  for (const { name, endpoints, middleware } of graph.services) {
    // One more, so that a service without any endpoints counts, too.
    counts.set(`service ${name}`, 1 + endpoints.length + (middleware?.length ?? 0));
  }
  return counts;
}
