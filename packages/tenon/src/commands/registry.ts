// Every verb of the `tenon` command, in the order the overview shows them. Each is loaded when it is asked for: what builds is large, and
// what starts a build needs none of it.
import type { Command } from "./definition.ts";

const verbs: Readonly<Record<string, () => Promise<Command>>> = {
  dev: async () => (await import("./dev.ts")).devCommand,
  check: async () => (await import("./check.ts")).checkCommand,
  graph: async () => (await import("./graph.ts")).graphCommand,
  gen: async () => (await import("./gen.ts")).genCommand,
  test: async () => (await import("./test.ts")).testCommand,
  build: async () => (await import("./build.ts")).buildCommand,
  start: async () => (await import("./start.ts")).startCommand,
  image: async () => (await import("./image.ts")).imageCommand,
  deploy: async () => (await import("./deploy.ts")).deployCommand,
  migrate: async () => (await import("./migrate.ts")).migrateCommand,
  infra: async () => (await import("./infra.ts")).infraCommand,
  db: async () => (await import("./db.ts")).dbCommand,
  trace: async () => (await import("./trace.ts")).traceCommand,
  cron: async () => (await import("./cron.ts")).cronCommand,
  topic: async () => (await import("./topic.ts")).topicCommand,
  logs: async () => (await import("./logs.ts")).logsCommand,
  secret: async () => (await import("./secret.ts")).secretCommand,
};

/** undefined: there is no such verb. */
export function loadCommand(verb: string): Promise<Command> | undefined {
  return Object.hasOwn(verbs, verb) ? verbs[verb]!() : undefined;
}

export function loadCommands(): Promise<Command[]> {
  return Promise.all(Object.values(verbs).map((load) => load()));
}
