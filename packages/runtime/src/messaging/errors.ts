// What can be wrong with publishing and handling on the side of the app: docs/reference/errors.md lists the same words.
import type { Issue } from "@tenon/model";
import { fillMessage } from "../errors.ts";

export const messagingErrors = {
  messaging_not_configured: {
    message: 'the topic "{topic}" cannot be published to here: this process has no broker',
    hint: "Messages can be published while the app runs (`tenon dev`, `tenon start`), not from scripts of your own.",
  },
  topic_unknown: {
    message: 'the topic "{topic}" is not known to this process',
    hint: "Declare it with `new Topic` at the top level of a file of the app, and publish through that constant.",
  },
  message_invalid: {
    message: 'a message for the topic "{topic}" does not match its type: {reason}',
    hint: "Correct the value given to publish; nothing was published.",
  },
  publish_option_invalid: {
    message: 'a message for the topic "{topic}" cannot be published so: {reason}',
    hint: "Correct the options given to publish; nothing was published.",
  },
  delay_on_ordered_topic: {
    message: 'a message for the topic "{topic}" cannot be delayed: its messages are handled in the order of publishing',
    hint: "Leave out delay and deliverAt, or publish to a topic without orderingAttribute.",
  },
  extension_invalid: {
    message: 'a handler of the topic "{topic}" cannot be given more time: {reason}',
    hint: 'Call `extend` with a duration above zero, such as "1m".',
  },
  transaction_over: {
    message:
      'a message for the topic "{topic}" was published behind the end of the transaction that it was to leave with',
    hint: "Await publish inside of the transaction, or give `{ transaction: null }` to publish at once.",
  },
  outbox_missing: {
    message: 'the topic "{topic}" and a transaction do not go together: {reason}',
    hint: "Run `tenon migrate`, which makes the tables for it in databases of services that publish or subscribe.",
  },
} as const;

export type MessagingErrorCode = keyof typeof messagingErrors;

/** A fault of the code that publishes or handles, never of its caller: outside it is `internal`. */
export class MessagingError extends Error {
  override readonly name = "MessagingError";
  readonly code: MessagingErrorCode;
  readonly hint: string;

  constructor(code: MessagingErrorCode, words: { readonly topic: string; readonly reason?: string }) {
    const { message, hint } = messagingErrors[code];
    super(fillMessage(message, words));
    this.code = code;
    this.hint = hint;
  }
}

export function messageInvalid(topic: string, issues: readonly Issue[]): MessagingError {
  return new MessagingError("message_invalid", { topic, reason: listIssues(issues) });
}

export function outboxMissing(topic: string, database: string): MessagingError {
  return new MessagingError("outbox_missing", {
    topic,
    reason: `the database "${database}" has no tables for messages`,
  });
}

/** "lines[0].quantity must be a number; at is required". */
export function listIssues(issues: readonly Issue[]): string {
  return issues.map(({ path, message }) => `${path === "" ? "the message" : path} ${message}`).join("; ");
}

/** What engines say; docs/reference/errors.md lists the same words. */
export const engineErrors = {
  lease_lost: {
    message: "a message of {subscription} is somebody else's by now: its time was over before it was given more",
    hint: "Stop handling it, since it is delivered again. Ask for more time earlier, or raise ackDeadline.",
  },
  engine_cannot: {
    message: "the engine {engine} cannot give {declared} what it asks for: {lacking}",
    hint: "Name another engine in infra.json, or declare less.",
  },
} as const;

export type EngineErrorCode = keyof typeof engineErrors;

/** Thrown by `extend` of a delivery. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
  readonly code = "lease_lost";
  readonly hint = engineErrors.lease_lost.hint;

  /** `subscription`: "topic/subscription". */
  constructor(subscription: string) {
    super(fillMessage(engineErrors.lease_lost.message, { subscription }));
  }
}

/** Thrown by `declare` of an engine that would have to promise less than the app declares. */
export class EngineCannot extends Error {
  override readonly name = "EngineCannot";
  readonly code = "engine_cannot";
  readonly hint = engineErrors.engine_cannot.hint;

  /** `declared`: the topic, or "topic/subscription". `lacking`: what the engine lacks, as half a sentence. */
  constructor(engine: string, declared: string, lacking: string) {
    super(fillMessage(engineErrors.engine_cannot.message, { engine, declared, lacking }));
  }
}
