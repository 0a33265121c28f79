// The application graph as a Mermaid flowchart: services with what they call, and the databases, topics and buckets between them.
import type { Graph } from "@tenon/model";

export function renderMermaid(graph: Graph): string {
  const lines = ["flowchart LR"];
  for (const { name } of graph.services) lines.push(`  ${id("service", name)}["${name}"]`);
  for (const { name } of graph.databases) lines.push(`  ${id("database", name)}[("${name}")]`);
  for (const { name } of graph.topics ?? []) lines.push(`  ${id("topic", name)}>"${name}"]`);
  for (const { name } of graph.buckets ?? []) lines.push(`  ${id("bucket", name)}[/"${name}"\\]`);
  for (const service of graph.services) {
    const from = id("service", service.name);
    for (const { service: callee, endpoint } of service.calls)
      lines.push(`  ${from} -->|${endpoint}| ${id("service", callee)}`);
    for (const database of service.databases) lines.push(`  ${from} --- ${id("database", database)}`);
  }
  for (const topic of graph.topics ?? []) {
    const place = id("topic", topic.name);
    for (const publisher of topic.publishers) lines.push(`  ${id("service", publisher)} -.-> ${place}`);
    for (const { name, service } of topic.subscriptions)
      lines.push(`  ${place} -.->|${name}| ${id("service", service)}`);
  }
  for (const bucket of graph.buckets ?? []) {
    for (const service of bucket.services) lines.push(`  ${id("service", service)} --- ${id("bucket", bucket.name)}`);
  }
  return `${lines.join("\n")}\n`;
}

function id(kind: string, name: string): string {
  return `${kind}_${name.replaceAll(/[^A-Za-z0-9]/g, "_")}`;
}
