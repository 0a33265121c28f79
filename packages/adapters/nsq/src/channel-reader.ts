// Takes the messages of a channel from one server, and comes back by itself after a loss of the connection.
import { log } from "@tenon/runtime/engine";
import { ready, startClose, subscribe } from "./commands.ts";
import type { Address } from "./config.ts";
import { Connection, type Limits } from "./connection.ts";
import type { WireMessage } from "./frame-reader.ts";

export interface ChannelReaderOptions {
  readonly topic: string;
  readonly channel: string;
  /** So many at once from this server. */
  readonly share: number;
  readonly msgTimeoutMs: number;
  take(message: WireMessage, connection: Connection): void;
}

const firstPauseMs = 100;
const longestPauseMs = 2_000;

export class ChannelReader {
  readonly #address: Address;
  readonly #options: ChannelReaderOptions;
  /** The first attempt to has ended, well or badly. */
  readonly opened: Promise<void>;
  #connection: Connection | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pauseMs = firstPauseMs;
  #isStopped = false;

  constructor(address: Address, options: ChannelReaderOptions) {
    this.#address = address;
    this.#options = options;
    this.opened = this.#open();
  }

  /** Resolves once the server delivers no more; what was delivered may still be settled. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#connection?.ask(startClose).catch(() => {});
  }

  /** Resolves once the server has heard everything. */
  async end(): Promise<void> {
    await this.#connection?.end();
  }

  async #open(): Promise<void> {
    try {
      await this.#subscribe();
      this.#pauseMs = firstPauseMs;
    } catch (error) {
      if (this.#isStopped) return;
      const { topic, channel } = this.#options;
      log.warn(error, `messages of the NSQ channel ${topic}/${channel} cannot be taken; trying again`);
      this.#openLater();
    }
  }

  async #subscribe(): Promise<void> {
    const { topic, channel, share, msgTimeoutMs, take } = this.#options;
    const connection: Connection = await Connection.open(this.#address, {
      msgTimeoutMs,
      onMessage: (message) => take(message, connection),
      onEnd: () => {
        if (this.#connection === connection) this.#openLater();
      },
    });
    try {
      await connection.ask(subscribe(topic, channel));
    } catch (error) {
      connection.destroy();
      throw error;
    }
    if (this.#isStopped) {
      connection.destroy();
      return;
    }
    this.#connection = connection;
    connection.say(ready(shareOf(share, connection.limits)));
  }

  #openLater(): void {
    this.#connection = undefined;
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => void this.#open(), this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
  }
}

function shareOf(share: number, { maxReadyCount }: Limits): number {
  return Math.min(share, maxReadyCount);
}
