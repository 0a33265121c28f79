// The declaration of a topic. The compiler reads its name, options and message type; at run time it publishes.
import { publish } from "./publish.ts";
import type { PublishBatchOptions, PublishOptions } from "./publish-options.ts";

declare const contract: unique symbol;
declare const attribute: unique symbol;

/** A field of a message that travels beside it too, so that brokers can order and filter by it. Plain values are assignable to it. */
export type Attribute<T extends string | number | boolean> = T & { readonly [attribute]?: true };

/** The attributes of a message type, as the compiler reads them. */
type MessageAttributes<Msg extends object> = {
  [Key in keyof Msg as typeof attribute extends keyof NonNullable<Msg[Key]> ? Key : never]: Msg[Key];
};

/** The names of the fields of a message type that are attributes: "userId" | "region". */
export type AttributesOf<Msg extends object> = keyof MessageAttributes<Msg>;

/** The values that a subscription takes, by attribute: `{ region: "eu", kind: ["a", "b"] }`. */
export type MessageFilter<Msg> = {
  readonly [Key in keyof Msg as typeof attribute extends keyof NonNullable<Msg[Key]> ? Key : never]?:
    | NonNullable<Msg[Key]>
    | readonly NonNullable<Msg[Key]>[];
};

/** What a handler may count on. With both, its effects must bear a repetition after a crash in the middle of it. */
export type DeliveryGuarantee = "at-least-once" | "exactly-once";

/** Settings of a topic. */
export interface TopicConfig<Msg extends object> {
  /**
   * `at-least-once`: a message can come again when its outcome was not known in time. `exactly-once`: what has been handled is not
   * delivered again.
   */
  deliveryGuarantee: DeliveryGuarantee;
  /** Messages with the same value of this attribute are handled one after the other, in the order of publishing. */
  orderingAttribute?: Extract<AttributesOf<Msg>, string>;
}

/** The common root of what `ref()` of a topic can be asked for. */
// biome-ignore lint/suspicious/noEmptyInterface: there is one permission so far, and code is written against this name
export interface TopicPerms {}

/** What `ref()` gives: can publish, and nothing else. */
export interface Publisher<Msg extends object> extends TopicPerms {
  /** Resolves with the id of the message once it is safe. */
  publish(message: Msg, options?: PublishOptions): Promise<string>;
}

/** What `ref()` gives when it is asked for: can publish several messages at once, too. */
export interface BatchPublisher<Msg extends object> extends Publisher<Msg> {
  /** All of them or none; resolves with their ids in the same order. */
  publishBatch(messages: readonly Msg[], options?: PublishBatchOptions<Msg>): Promise<string[]>;
}

/**
 * A topic of the app, declared at the top level of a file:
 *
 * ```ts
 * export const signups = new Topic<Signup>("signups", { deliveryGuarantee: "at-least-once" });
 * ```
 */
export class Topic<Msg extends object> implements BatchPublisher<Msg> {
  declare readonly [contract]: { readonly message: Msg; readonly attributes: MessageAttributes<Msg> };
  readonly name: string;
  readonly config: TopicConfig<Msg>;

  constructor(name: string, config: TopicConfig<Msg>) {
    this.name = name;
    this.config = config;
  }

  /**
   * Publishes a message and resolves with its id once it is safe: every subscription handles it, or it ends in the dead letters.
   * Throws MessagingError when it does not match the type or the options are wrong, APIError `unavailable` when the broker cannot take it.
   */
  async publish(message: Msg, options?: PublishOptions): Promise<string> {
    const [id] = await publish(this.name, [message], options);
    return id!;
  }

  /**
   * All of them or none, but on NATS, where a failure may leave some; resolves with their ids in the same order. Throws as `publish`.
   */
  publishBatch(messages: readonly Msg[], options?: PublishBatchOptions<Msg>): Promise<string[]> {
    return messages.length === 0 ? Promise.resolve([]) : publish(this.name, messages, options);
  }

  /** The topic as a value to hand around. The service whose code asks for it counts as a publisher. */
  ref<P extends TopicPerms = Publisher<Msg>>(): P {
    return this as unknown as P;
  }
}
