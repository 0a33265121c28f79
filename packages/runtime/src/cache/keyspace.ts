// What all keyspaces have: keys made from a pattern, a time to live for what is written, and `delete`.
import type { CacheCluster } from "./cluster.ts";
import type { CacheConnection, Command } from "./connection.ts";
import { CacheError } from "./errors.ts";
import { type Expiry, type TimeToLive, timeToLive } from "./expiry.ts";
import { createKeyMapper, type KeyMapper } from "./key-pattern.ts";
import { perform } from "./operation.ts";

declare const contract: unique symbol;

/** Settings of a keyspace. */
export interface KeyspaceConfig<K> {
  /** How keys look in the cache: `"requests/:userId"` has the field `userId` of the key type, or the key itself where it is no object. */
  keyPattern: string;
  /** When entries end. Default: never, by themselves. */
  defaultExpiry?: Expiry;
  /** For TypeScript only: the key type is found by it. */
  readonly [contract]?: K;
}

export interface WriteOptions {
  /** Instead of what the keyspace says. */
  expiry?: Expiry;
}

export abstract class Keyspace<K> {
  declare readonly [contract]: { readonly key: K };
  protected readonly cluster: CacheCluster;
  protected readonly config: KeyspaceConfig<K>;
  readonly #mapKey: KeyMapper;
  #expiry: Expiry | undefined;

  constructor(cluster: CacheCluster, config: KeyspaceConfig<K>) {
    this.cluster = cluster;
    this.config = config;
    this.#mapKey = createKeyMapper(config.keyPattern);
  }

  /** The same keyspace, whose writes set this expiry unless they say another. */
  with(options: WriteOptions): this {
    const { constructor: Own } = this as { constructor: unknown };
    const { cluster, config } = this;
    const same = new (Own as new (cluster: CacheCluster, config: KeyspaceConfig<K>) => this)(cluster, config);
    same.#expiry = options.expiry ?? this.#expiry;
    return same;
  }

  /** Resolves with how many of them there were. */
  async delete(...keys: K[]): Promise<number> {
    if (keys.length === 0) return 0;
    return (await this.send("delete", "DEL", keys)) as number;
  }

  /** Throws CacheError `cache_key_invalid`. */
  protected keyOf(operation: string, key: K): string {
    try {
      return this.#mapKey(key);
    } catch (error) {
      throw new CacheError(operation, undefined, "cache_key_invalid", { reason: (error as Error).message });
    }
  }

  /** undefined: as the command does it. Throws CacheError `cache_argument_invalid`. */
  protected timeToLive(operation: string, options: WriteOptions | undefined): TimeToLive | undefined {
    const expiry = options?.expiry ?? this.#expiry ?? this.config.defaultExpiry;
    if (expiry === undefined) return undefined;
    try {
      return timeToLive(expiry);
    } catch (error) {
      throw new CacheError(operation, undefined, "cache_argument_invalid", { reason: (error as Error).message });
    }
  }

  /** A command that leaves expiries alone: its keys, then `args`. */
  protected send(name: string, command: string, keys: readonly K[], ...args: (string | number)[]): Promise<unknown> {
    return this.perform(name, command, keys, (connection, known) => connection.run([command, ...known, ...args]));
  }

  /** A command that begins with the keys, together with the expiry of what it writes. `expiring`: which of the keys it writes. */
  protected write(
    name: string,
    command: string,
    keys: readonly K[],
    args: readonly (string | number)[],
    options?: WriteOptions,
    expiring = 1,
  ): Promise<unknown> {
    const ttl = this.timeToLive(name, options);
    return this.perform(name, command, keys, (connection, known) => {
      const own: Command = [command, ...known, ...args];
      const rest = known.slice(0, expiring).flatMap((key) => expiryCommand(key, ttl));
      return rest.length === 0 ? connection.run(own) : connection.runTogether([own, ...rest]);
    });
  }

  /** `run` gets the keys as the server knows them. */
  protected perform<Result>(
    name: string,
    command: string,
    keys: readonly K[],
    run: (connection: CacheConnection, known: string[]) => Promise<Result>,
  ): Promise<Result> {
    const mapped = keys.map((key) => this.keyOf(name, key));
    const operation = {
      cluster: this.cluster.clusterName,
      name,
      command,
      keyPattern: this.config.keyPattern,
      keys: mapped,
    };
    return perform(operation, (connection) =>
      run(
        connection,
        mapped.map((key) => connection.key(key)),
      ),
    );
  }
}

function expiryCommand(key: string, ttl: TimeToLive | undefined): Command[] {
  if (ttl === undefined || ttl === "keep") return [];
  return [ttl === "forever" ? ["PERSIST", key] : ["PEXPIRE", key, ttl]];
}
