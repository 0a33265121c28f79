// Runs the scripts: each is sent by its hash, and by its text to a server that does not know it yet. Keys of one topic have one hash tag, so that a
// cluster keeps them together.
import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { connectTo, keyPrefixOf, type RedisEngineConfig } from "./config.ts";
import { type ScriptName, scripts } from "./scripts.ts";

type Argument = string | number;

const hashes = Object.fromEntries(
  Object.entries(scripts).map(([name, text]) => [name, createHash("sha1").update(text).digest("hex")]),
) as Readonly<Record<ScriptName, string>>;

export class Connection {
  readonly client: Redis;
  readonly prefix: string;

  constructor(config: RedisEngineConfig) {
    this.client = connectTo(config);
    this.prefix = keyPrefixOf(config);
  }

  /** In front of everything of a topic. */
  base(topic: string): string {
    return baseOf(this.prefix, topic);
  }

  /** Names of the topics that were ever declared. */
  get topicsKey(): string {
    return `${this.prefix}topics`;
  }

  async run(script: ScriptName, topic: string, args: readonly Argument[]): Promise<unknown> {
    const rest = [1, this.base(topic), ...args];
    try {
      return await this.client.call("EVALSHA", hashes[script], ...rest);
    } catch (error) {
      if (!(error as Error).message.startsWith("NOSCRIPT")) throw withoutCommand(error);
    }
    try {
      return await this.client.call("EVAL", scripts[script], ...rest);
    } catch (error) {
      throw withoutCommand(error);
    }
  }

  close(): void {
    this.client.disconnect();
  }
}

export function baseOf(prefix: string, topic: string): string {
  return `${prefix}{${topic}}`;
}

/** The client's errors carry the whole command, and with it the messages of users, which are not for logs. */
function withoutCommand(error: unknown): unknown {
  delete (error as { command?: unknown }).command;
  return error;
}
