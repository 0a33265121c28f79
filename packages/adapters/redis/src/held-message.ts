// A message that this process has leased: what became of it is written under the lease's token, and by nobody else.
import type { Held } from "@tenon/runtime/engine";
import type { Connection } from "./connection.ts";
import type { ScriptName } from "./scripts.ts";
import { readStoredMessage, type StoredMessage } from "./stored-message.ts";

/** As the script `take` gives it. */
export type TakenMessage = readonly [
  entry: string,
  attempts: number,
  waitsSince: string,
  lastReason: string | null,
  replay: string | null,
  fields: readonly string[],
];

export class HeldMessage implements Held {
  readonly message: StoredMessage;
  readonly attempt: number;
  readonly waitsSince: Date;
  readonly lastReason: string | undefined;
  readonly replayTraceparent: string | null;
  readonly #entry: string;
  readonly #connection: Connection;
  readonly #topic: string;
  readonly #subscription: string;
  readonly #token: string;
  readonly #onFollower: () => void;

  /** `onFollower`: this one is settled, and the next one of its key may be taken. */
  constructor(
    [entry, attempts, waitsSince, lastReason, replay, fields]: TakenMessage,
    { topic, name }: { readonly topic: string; readonly name: string },
    token: string,
    connection: Connection,
    onFollower: () => void,
  ) {
    this.message = readStoredMessage(fields);
    this.attempt = attempts;
    this.waitsSince = new Date(Number(waitsSince));
    this.lastReason = lastReason ?? undefined;
    this.replayTraceparent = replay;
    this.#entry = entry;
    this.#connection = connection;
    this.#topic = topic;
    this.#subscription = name;
    this.#token = token;
    this.#onFollower = onFollower;
  }

  handled(): Promise<boolean> {
    return this.#settle("handled", [this.#key]);
  }

  retry(waitMs: number, reason: string): Promise<boolean> {
    return this.#settle("retry", [waitMs, reason]);
  }

  bury(attempts: number, reason: string): Promise<boolean> {
    return this.#settle("bury", [this.#key, this.message.id, attempts, reason]);
  }

  handBack(): Promise<boolean> {
    return this.#settle("handBack", []);
  }

  extend(leaseMs: number): Promise<boolean> {
    return this.#settle("extend", [leaseMs]);
  }

  get #key(): string {
    return this.message.orderingKey ?? "";
  }

  async #settle(script: ScriptName, args: readonly (string | number)[]): Promise<boolean> {
    const all = [this.#subscription, this.#entry, this.#token, ...args];
    const answer = await this.#connection.run(script, this.#topic, all);
    if (answer === 2) this.#onFollower();
    return answer !== 0;
  }
}
