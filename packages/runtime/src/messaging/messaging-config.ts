// Where the messages of an app are kept.

export interface MessagingConfig {
  readonly kind: "postgres";
  /** A database of its own, or any other: the tables are in the schema `tenon_messages`. */
  readonly connectionString: string;
}
