// Asks the server whether it keeps what it answers. One that does not would lose acknowledged messages with its process, so the app does
// not start on it; one that refuses to say has to be vouched for in infra.json.
import { EngineCannot } from "@tenon/runtime/engine";
import type { Redis } from "ioredis";

const settings = ["appendonly", "appendfsync", "no-appendfsync-on-rewrite", "maxmemory", "maxmemory-policy"] as const;

/** Throws EngineCannot. */
export async function checkDurability(client: Redis, topics: readonly string[]): Promise<void> {
  const values = new Map<string, string>();
  for (const name of settings) values.set(name, await readSetting(client, name, topics));
  const lacking = lackingOf(values);
  if (lacking !== undefined) throw cannot(topics, lacking);
}

function lackingOf(values: ReadonlyMap<string, string>): string | undefined {
  if (values.get("appendonly") !== "yes") {
    return "it keeps messages in memory only; set `appendonly yes` and `appendfsync always`";
  }
  if (values.get("appendfsync") !== "always") {
    const now = values.get("appendfsync");
    return `it answers before what it was told is on its disk (\`appendfsync ${now}\`); set \`appendfsync always\``;
  }
  if (values.get("no-appendfsync-on-rewrite") === "yes") {
    return "while it rewrites its files it answers before what it was told is on its disk; set `no-appendfsync-on-rewrite no`";
  }
  const policy = values.get("maxmemory-policy") ?? "";
  if (values.get("maxmemory") !== "0" && policy.startsWith("allkeys-")) {
    return `it throws away messages when its memory is full (\`maxmemory-policy ${policy}\`); set \`maxmemory-policy noeviction\``;
  }
  return undefined;
}

async function readSetting(client: Redis, name: string, topics: readonly string[]): Promise<string> {
  let answer: unknown;
  try {
    answer = await client.config("GET", name);
  } catch (error) {
    const { message } = error as Error;
    // Away is something else than unwilling.
    if (!/^(ERR|NOPERM)/.test(message)) throw error;
    throw cannot(
      topics,
      `it does not say whether it keeps what it answers (CONFIG GET: ${message}); if you know that it does, set "durability": "assumed" in infra.json`,
    );
  }
  return (answer as string[])[1] ?? "";
}

function cannot(topics: readonly string[], lacking: string): EngineCannot {
  return new EngineCannot("redis", topics.map((name) => `the topic "${name}"`).join(", "), lacking);
}
