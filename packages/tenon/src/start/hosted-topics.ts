// The topics that a process has to do with: those that its services publish to or take from, and those whose messages leave in transactions of
// databases that it shares with other processes, since it sends these on as well.
import { type Graph, leavingTopics, type Service, type Topic, usesTopic } from "@tenon/model";

/** None where its services use none: then it has no broker. */
export function hostedTopics(graph: Graph, services: readonly Service[]): readonly Topic[] {
  const { topics = [] } = graph;
  const used = topics.filter((topic) => services.some((service) => usesTopic(service, topic)));
  if (used.length === 0) return [];
  const leaving = new Set(services.flatMap(({ databases }) => databases).flatMap((name) => leavingTopics(graph, name)));
  return topics.filter((topic) => used.includes(topic) || leaving.has(topic.name));
}
