// Messages in the order of their keys: of each key the first is begun, and the next one when it is handled or a dead letter. Those that wait for
// that, or for their next attempt, are kept here meanwhile.
import { handleDelivery, leaseMsOf, type Receiver, type SubscriptionSpec, UnderWay } from "@tenon/runtime/engine";
import { HeldInOrder } from "./held-in-order.ts";
import type { HeldMessage } from "./held-message.ts";
import type { Intake } from "./intake.ts";

interface Lane {
  readonly key: string;
  /** The first one is being handled, or waits for its turn. */
  readonly messages: HeldInOrder[];
  timer?: NodeJS.Timeout;
  isRunning: boolean;
}

/** Waiting or not. */
const mostKept = 1_000;

export class OrderedIntake implements Intake {
  readonly #subscription: SubscriptionSpec;
  readonly #receiver: Receiver;
  readonly #onRoom: () => void;
  readonly #underWay: UnderWay;
  readonly #lanes = new Map<string, Lane>();
  /** Could begin, and have no room. */
  readonly #ready: Lane[] = [];
  #isStopped = false;

  constructor(subscription: SubscriptionSpec, receiver: Receiver, onRoom: () => void) {
    this.#subscription = subscription;
    this.#receiver = receiver;
    this.#onRoom = onRoom;
    this.#underWay = new UnderWay(`${subscription.topic}/${subscription.name}`);
  }

  get room(): number {
    const kept = [...this.#lanes.values()].reduce((sum, { messages }) => sum + messages.length, 0);
    return Math.min(this.#free - this.#ready.length, mostKept - kept);
  }

  accept(messages: readonly HeldMessage[]): void {
    for (const held of messages) {
      const message = new HeldInOrder(held);
      const key = held.message.orderingKey ?? "";
      const lane = this.#lanes.get(key);
      if (lane === undefined) {
        const opened: Lane = { key, messages: [message], isRunning: false };
        this.#lanes.set(key, opened);
        this.#begin(opened);
      } else {
        lane.messages.push(message);
        message.keep().catch(() => {});
      }
    }
  }

  async stop(timeoutMs: number): Promise<void> {
    this.#isStopped = true;
    this.#ready.length = 0;
    const waiting = [...this.#lanes.values()].flatMap((lane) => {
      clearTimeout(lane.timer);
      return lane.messages.splice(lane.isRunning ? 1 : 0);
    });
    await Promise.allSettled(waiting.map((message) => message.handBack()));
    await this.#underWay.end(timeoutMs);
  }

  get #free(): number {
    return this.#subscription.maxConcurrency - this.#underWay.count;
  }

  #begin(lane: Lane, waitMs = lane.messages[0]!.untilDueMs): void {
    if (this.#isStopped) return;
    // Those that come back from a pause may have taken the room that was asked for.
    if (waitMs > 0 || this.#free <= 0) lane.messages[0]!.keep().catch(() => {});
    if (waitMs > 0) {
      lane.timer = setTimeout(() => this.#begin(lane, 0), waitMs);
    } else if (this.#free <= 0) {
      this.#ready.push(lane);
    } else {
      this.#start(lane);
    }
  }

  #start(lane: Lane): void {
    lane.isRunning = true;
    let againInMs: number | undefined;
    this.#underWay.add(
      async (stopping) => {
        againInMs = await this.#handle(lane.messages[0]!, stopping);
      },
      () => {
        lane.isRunning = false;
        this.#goOn(lane, againInMs);
        const next = this.#ready.shift();
        if (next !== undefined) this.#begin(next, 0);
        this.#onRoom();
      },
    );
  }

  async #handle(message: HeldInOrder, stopping: AbortSignal): Promise<number | undefined> {
    if (!(await message.extend(leaseMsOf(this.#subscription)))) return undefined;
    const { againInMs } = await handleDelivery(message, this.#subscription, this.#receiver, stopping);
    return againInMs;
  }

  #goOn(lane: Lane, againInMs: number | undefined): void {
    const first = lane.messages[0]!;
    if (first.isSettled) lane.messages.shift();
    if (lane.messages.length === 0) {
      this.#lanes.delete(lane.key);
    } else if (first.isSettled) {
      this.#begin(lane);
    } else if (againInMs !== undefined && first.isOurs && !this.#isStopped) {
      this.#begin(lane, againInMs);
    } else {
      // It is somebody else's now, and those that follow it will be too; or everything here ends.
      this.#lanes.delete(lane.key);
      for (const message of lane.messages) message.handBack().catch(() => {});
    }
  }
}
