// The application graph as a Mermaid flowchart: services with what they call, and the databases, topics and buckets between them.
import { type Graph, guaranteeText, type Subscription, takingText } from "@tenon/model";

export function renderMermaid(graph: Graph): string {
  const lines = ["flowchart LR"];
  for (const { name } of graph.services) lines.push(`  ${id("service", name)}["${name}"]`);
  for (const { name } of graph.databases) lines.push(`  ${id("database", name)}[("${name}")]`);
  for (const topic of graph.topics ?? [])
    lines.push(`  ${id("topic", topic.name)}>"${topic.name}<br>${guaranteeText(topic)}"]`);
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
    for (const subscription of topic.subscriptions)
      lines.push(`  ${place} -.->|"${subscriptionLabel(subscription)}"| ${id("service", subscription.service)}`);
  }
  for (const bucket of graph.buckets ?? []) {
    for (const service of bucket.services) lines.push(`  ${id("service", service)} --- ${id("bucket", bucket.name)}`);
  }
  return `${lines.join("\n")}\n`;
}

function subscriptionLabel(subscription: Subscription): string {
  const taking = takingText(subscription);
  // A quotation mark would end the label.
  return (taking === "" ? subscription.name : `${subscription.name}<br>${taking}`).replaceAll('"', "#quot;");
}

function id(kind: string, name: string): string {
  return `${kind}_${name.replaceAll(/[^A-Za-z0-9]/g, "_")}`;
}
