// One listening connection per process, shared by its consumers: tells each when there is something for it. After a loss everybody is
// woken, for what was published in between.
import type { Redis } from "ioredis";
import { connectTo, keyPrefixOf, type RedisEngineConfig } from "./config.ts";
import { baseOf } from "./connection.ts";

export class WakeUps {
  readonly #config: RedisEngineConfig;
  /** By channel and name of the subscription. */
  readonly #sleepers = new Map<string, Map<string, () => void>>();
  #client: Redis | undefined;

  constructor(config: RedisEngineConfig) {
    this.#config = config;
  }

  add(topic: string, subscription: string, wake: () => void): void {
    const channel = this.#channel(topic);
    const sleepers = this.#sleepers.get(channel) ?? new Map<string, () => void>();
    sleepers.set(subscription, wake);
    this.#sleepers.set(channel, sleepers);
    const client = this.#listening();
    if (client.status === "ready") void this.#listen(client);
  }

  remove(topic: string, subscription: string): void {
    this.#sleepers.get(this.#channel(topic))?.delete(subscription);
  }

  close(): void {
    this.#client?.disconnect();
  }

  #channel(topic: string): string {
    return `${baseOf(keyPrefixOf(this.#config), topic)}:wake`;
  }

  #listening(): Redis {
    if (this.#client !== undefined) return this.#client;
    const client = connectTo(this.#config, true);
    client.on("message", (channel: string, subscription: string) => {
      this.#sleepers.get(channel)?.get(subscription)?.();
    });
    client.on("ready", () => void this.#listen(client));
    this.#client = client;
    return client;
  }

  /** With every connection anew. What came before the server had heard of it is found by waking everybody then. */
  async #listen(client: Redis): Promise<void> {
    try {
      await client.subscribe(...this.#sleepers.keys());
    } catch {
      // Lost again: there will be another connection.
      return;
    }
    for (const sleepers of this.#sleepers.values()) for (const wake of sleepers.values()) wake();
  }
}
