// Where the messages of an app are kept.

export type MessagingConfig = PostgresMessagingConfig | EngineConfig | PushMessagingConfig;

/** Nowhere: a function is handed messages by its platform, and publishes none. */
export interface PushMessagingConfig {
  readonly kind: "push";
}

export interface PostgresMessagingConfig {
  readonly kind: "postgres";
  /** A database of its own, or any other: the tables are in the schema `tenon_messages`. */
  readonly connectionString: string;
}

/** An engine that is a package of its own. */
export interface EngineConfig {
  readonly kind: "engine";
  /** The package whose `createBroker` and `createTopicControl` it is ("@tenon/nats"), or a file, absolute. */
  readonly module: string;
  /** What those are given. */
  readonly settings: Readonly<Record<string, unknown>>;
}
