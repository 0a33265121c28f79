// Takes what is published to a topic without subscriptions, and forgets it: NSQ would keep all of it for the first channel to come.
import { finish } from "./commands.ts";
import { ChannelReader } from "./channel-reader.ts";
import type { Address } from "./config.ts";
import { sinkChannel } from "./names.ts";

const share = 100;
const msgTimeoutMs = 60_000;

export class Sink {
  readonly #readers: readonly ChannelReader[];

  constructor(addresses: readonly Address[], topic: string) {
    const options = { topic, channel: sinkChannel, share, msgTimeoutMs };
    this.#readers = addresses.map(
      (address) => new ChannelReader(address, { ...options, take: ({ id }, connection) => connection.say(finish(id)) }),
    );
  }

  /** Once the channel is there on the servers that are. */
  async opened(): Promise<void> {
    await Promise.all(this.#readers.map((reader) => reader.opened));
  }

  async close(): Promise<void> {
    await Promise.all(this.#readers.map((reader) => reader.stop()));
    await Promise.all(this.#readers.map((reader) => reader.end()));
  }
}
