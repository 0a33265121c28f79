// The broker that a process's configuration names: PostgreSQL is part of the runtime, every other engine a package that is loaded now.
import type { TopicControl } from "@tenon/model";
import type { Broker } from "./broker.ts";
import { EngineCannot } from "./errors.ts";
import { loadEngine } from "./load-engine.ts";
import type { MessagingConfig } from "./messaging-config.ts";

/** Throws HostError `engine_missing` or `engine_unusable`. */
export async function openBroker(config: MessagingConfig, buildDir: string): Promise<Broker> {
  if (config.kind === "postgres") {
    const { createPostgresBroker } = await import("./postgres/postgres-broker.ts");
    return createPostgresBroker(config.connectionString);
  }
  if (config.kind === "push") {
    const { createPushBroker } = await import("./push-broker.ts");
    return createPushBroker();
  }
  const { createBroker } = await loadEngine(config.module, buildDir);
  return createBroker(config.settings);
}

/** For `tenon topic` and the dashboard. `dir`: where packages are looked for. Throws as openBroker does. */
export async function openTopicControl(config: MessagingConfig, dir: string): Promise<TopicControl> {
  if (config.kind === "postgres") {
    const { createTopicControl } = await import("./postgres/postgres-topic-control.ts");
    return createTopicControl(config.connectionString);
  }
  if (config.kind === "push") {
    throw new EngineCannot("push", "the topics of this app", "keeps no messages: look at the queues of the platform");
  }
  const { createTopicControl } = await loadEngine(config.module, dir);
  return createTopicControl(config.settings);
}
