// Asks for messages while there is room for them, and keeps at it after failures. What comes is ours from the moment it is here, and what is for
// another subscription of the topic, or for nobody here, is acknowledged at once.
import { setTimeout as pause } from "node:timers/promises";
import { type Consumer, isWanted, leaseMsOf, log, type Receiver } from "@tenon/runtime/engine";
import { HeldMessage } from "./held-message.ts";
import type { Intake } from "./intake.ts";
import { Lease } from "./lease.ts";
import { OrderedIntake } from "./ordered-intake.ts";
import type { ReceivedMessage } from "./pubsub-api.ts";
import type { SubscriptionLink } from "./subscription-link.ts";
import { UnorderedIntake } from "./unordered-intake.ts";

const mostAtOnce = 250;
/** Doubles with each failure. */
const afterFailureMs = 500;
const longestAfterFailureMs = 15_000;
/** A pull that finds nothing lasts much longer; should one not, it is not asked again at once. */
const afterNothingMs = 20;

export class PullConsumer implements Consumer {
  readonly #name: string;
  readonly #open: () => Promise<SubscriptionLink>;
  readonly #intake: Intake;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #onRoom: (() => void) | undefined;
  /** In a row. */
  #failures = 0;

  /** `open`: looks at the subscription; asked again while it fails. */
  constructor(spec: SubscriptionLink["spec"], receiver: Receiver, open: () => Promise<SubscriptionLink>) {
    this.#name = `${spec.topic}/${spec.name}`;
    this.#open = open;
    const onRoom = () => this.#onRoom?.();
    this.#intake = spec.isOrdered
      ? new OrderedIntake(spec, receiver, onRoom)
      : new UnorderedIntake(spec, receiver, onRoom);
    this.#running = this.#run();
  }

  async stop(timeoutMs: number): Promise<void> {
    this.#stopping.abort();
    this.#onRoom?.();
    const begunAt = performance.now();
    await Promise.race([this.#running, pause(timeoutMs, undefined, { ref: false })]);
    await this.#intake.stop(Math.max(0, timeoutMs - (performance.now() - begunAt)));
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.#pullFrom(await this.#open());
      } catch (error) {
        if (signal.aborted) return;
        log.warn(error, `messages of ${this.#name} could not be taken; trying again`);
        const waitMs = Math.min(afterFailureMs * 2 ** this.#failures++, longestAfterFailureMs);
        await pause(waitMs, undefined, { signal, ref: false }).catch(() => {});
      }
    }
  }

  /** Until it stops or fails. */
  async #pullFrom(link: SubscriptionLink): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const { room } = this.#intake;
      if (room <= 0) {
        await this.#untilRoom();
        continue;
      }
      const received = await link.api.pull(link.path, Math.min(room, mostAtOnce), { signal });
      this.#failures = 0;
      if (received.length > 0) await this.#take(received, link);
      else await pause(afterNothingMs, undefined, { signal, ref: false });
    }
  }

  #untilRoom(): Promise<void> {
    return new Promise((resolve) => {
      this.#onRoom = () => {
        this.#onRoom = undefined;
        resolve();
      };
    });
  }

  async #take(received: readonly ReceivedMessage[], link: SubscriptionLink): Promise<void> {
    const messages = received.map((one) => new HeldMessage(one, new Lease(link.writer, one.ackId), link));
    await Promise.all(messages.map(({ lease }) => lease.begin(leaseMsOf(link.spec))));
    const isForUs = ({ read }: HeldMessage) =>
      (read.onlyFor === null || read.onlyFor === link.spec.name) && isWanted(read, link.spec.filter);
    const others = messages.filter((held) => !isForUs(held));
    const ours = messages.filter(isForUs);
    if (!this.#stopping.signal.aborted) this.#intake.accept(ours);
    else await Promise.allSettled(ours.map((held) => held.lease.giveBack()));
    // Behind what is ours, which waits for none of them; one that could not be acknowledged comes again.
    await Promise.allSettled(others.map((held) => held.handled()));
  }
}
