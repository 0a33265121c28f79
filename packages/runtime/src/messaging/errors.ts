// What can be wrong with publishing on the side of the app: docs/reference/errors.md lists the same words.
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
    message: 'a message for the topic "{topic}" does not match its type: {issues}',
    hint: "Correct the value given to publish; nothing was published.",
  },
} as const;

export type MessagingErrorCode = keyof typeof messagingErrors;

/** A fault of the publishing code, never of its caller: outside it is `internal`. */
export class MessagingError extends Error {
  override readonly name = "MessagingError";
  readonly code: MessagingErrorCode;
  readonly hint: string;

  constructor(code: MessagingErrorCode, words: { readonly topic: string; readonly issues?: string }) {
    const { message, hint } = messagingErrors[code];
    super(message.replace("{topic}", words.topic).replace("{issues}", words.issues ?? ""));
    this.code = code;
    this.hint = hint;
  }
}

export function messageInvalid(topic: string, issues: readonly Issue[]): MessagingError {
  const list = issues.map(({ path, message }) => `${path === "" ? "the message" : path} ${message}`).join("; ");
  return new MessagingError("message_invalid", { topic, issues: list });
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
