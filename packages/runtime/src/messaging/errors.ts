// What can be wrong with publishing on the side of the app: docs/reference/errors.md lists the same words.
import type { Issue } from "@tenon/model";

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
