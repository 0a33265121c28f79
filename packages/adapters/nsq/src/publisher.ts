// Publishes to any of the servers: one connection to each, made when it is needed. Whatever a server has answered OK to is in its queue.
import { EngineCannot } from "@tenon/runtime/engine";
import { publish, publishAll } from "./commands.ts";
import type { Address } from "./config.ts";
import { Connection } from "./connection.ts";
import { NsqdError } from "./nsqd-error.ts";
import { readOption } from "./nsqd-http.ts";

/** Below what an nsqd takes at once by default (5 MB); a batch of more is taken in parts. */
const mostBatchBytes = 4_000_000;
/** One that could not be reached is not tried again for so long, while others can. */
const restMs = 2_000;

export class Publisher {
  readonly #servers: readonly Server[];
  /** The server whose turn it is. */
  #next = 0;

  /** `prepare`: before anything is published over a new connection to a server. */
  constructor(addresses: readonly Address[], prepare: (address: Address) => Promise<void>) {
    this.#servers = addresses.map((address) => new Server(address, prepare));
  }

  /** Resolves once a server has all of them. `topic`: as NSQ has it. Throws EngineCannot for a message that is too large. */
  async publish(topic: string, bodies: readonly Buffer[]): Promise<void> {
    const largest = bodies.reduce((most, { length }) => Math.max(most, length), 0);
    for (const part of partsOf(bodies)) {
      const { connection, mostBytes } = await this.#connection();
      // Told in the middle of what is sent, nsqd would close the connection, with all that others have sent over it.
      if (largest > mostBytes) throw tooLarge(topic, largest, `${mostBytes} at the most`);
      try {
        await connection.ask(part.length === 1 ? publish(topic, part[0]!) : publishAll(topic, part));
      } catch (error) {
        const isRefused = error instanceof NsqdError && error.code === "E_BAD_MESSAGE";
        throw isRefused ? tooLarge(topic, largest, `less (${error.message})`) : error;
      }
    }
  }

  close(): void {
    for (const server of this.#servers) server.close();
  }

  /** To the next one that is there; those that were away a moment ago come last. */
  async #connection(): Promise<Open> {
    const first = this.#next++ % this.#servers.length;
    const inTurn = [...this.#servers.slice(first), ...this.#servers.slice(0, first)];
    let failure: unknown;
    for (const server of inTurn.sort((a, b) => Number(a.wasAway) - Number(b.wasAway))) {
      try {
        return await server.connection();
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }
}

interface Open {
  readonly connection: Connection;
  /** Of a message. */
  readonly mostBytes: number;
}

class Server {
  readonly #address: Address;
  readonly #prepare: (address: Address) => Promise<void>;
  #opening: Promise<Open> | undefined;
  /** By performance.now(). */
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(address: Address, prepare: (address: Address) => Promise<void>) {
    this.#address = address;
    this.#prepare = prepare;
  }

  get wasAway(): boolean {
    return performance.now() - this.#failedAt < restMs;
  }

  /** The one there is, or a new one. */
  connection(): Promise<Open> {
    if (this.#opening !== undefined) return this.#opening;
    const opening: Promise<Open> = this.#open(() => {
      if (this.#opening === opening) this.#opening = undefined;
    });
    this.#opening = opening;
    return opening;
  }

  /** `forget`: it is over, or never began. */
  async #open(forget: () => void): Promise<Open> {
    let connection: Connection | undefined;
    try {
      connection = await Connection.open(this.#address, { onEnd: forget });
      await this.#prepare(this.#address);
      // Where it does not tell, it says so when it is given too much.
      const mostBytes = await readOption(this.#address, "max_msg_size").catch(() => Number.POSITIVE_INFINITY);
      return { connection, mostBytes };
    } catch (error) {
      this.#failedAt = performance.now();
      forget();
      connection?.destroy();
      throw error;
    }
  }

  close(): void {
    this.#opening?.then(
      ({ connection }) => connection.destroy(),
      () => {},
    );
  }
}

function partsOf(bodies: readonly Buffer[]): Buffer[][] {
  const parts: Buffer[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const body of bodies) {
    bytes += body.length;
    if (bytes > mostBatchBytes) {
      parts.push([]);
      bytes = body.length;
    }
    parts.at(-1)!.push(body);
  }
  return parts;
}

function tooLarge(topic: string, bytes: number, limit: string): EngineCannot {
  const lacking = `it refuses a message of ${bytes} bytes: it takes ${limit}; start nsqd with a larger --max-msg-size, or publish less`;
  return new EngineCannot("nsq", `the topic "${topic}"`, lacking);
}
