// The part of the catalogue about topics and subscriptions.
import type { CatalogueEntry } from "./catalogue-entry.ts";

export const messageCatalogue = {
  TN1280: {
    severity: "error",
    message: 'a {what} needs a name known at compile time: letters, digits, "-", "_" and ".", starting with a letter',
    hint: 'Write `new Topic<OrderPlaced>("order-placed", { deliveryGuarantee: "at-least-once" })`.',
  },
  TN1281: {
    severity: "error",
    message: 'two topics are called "{name}": the other one is in {other}',
    hint: "Rename one of them, or import the other where this one is used.",
  },
  TN1283: {
    severity: "error",
    message: "the option {option} must be {expected}",
    hint: "Correct the value.",
  },
  TN1284: {
    severity: "error",
    message: "the messages of a topic must be objects",
    hint: "Wrap the value: `new Topic<{ value: string }>(...)`.",
  },
  TN1285: {
    severity: "error",
    message: '"{name}" is not an attribute of the message',
    hint: "Declare the field as `{name}: Attribute<string>` in the message type.",
  },
  TN1286: {
    severity: "error",
    message: "the topic of this subscription is not known",
    hint: "Give the constant that `new Topic(...)` is bound to, imported or not, as the first argument.",
  },
  TN1287: {
    severity: "error",
    message: 'the topic "{topic}" has two subscriptions called "{name}": the other one is in {other}',
    hint: "Rename one of them.",
  },
  TN1288: {
    severity: "error",
    message: 'the filter can never match: {value} is no value of the attribute "{name}"',
    hint: "Correct the value, or the type of the attribute in the message.",
  },
  TN1289: {
    severity: "error",
    message: "a subscription has either a handler or a batchHandler, and this one has {found}",
    hint: "Give `handler` to take messages one by one, or `batchHandler` to take several at once.",
  },
  TN1290: {
    severity: "error",
    message: "the option batch is for subscriptions with a batchHandler",
    hint: "Give `batchHandler` instead of `handler`, or leave out `batch`.",
  },
  TN1291: {
    severity: "error",
    message: 'a message of the topic "{topic}" cannot be delayed: its messages are handled in order, by {attribute}',
    hint: "Leave out delay and deliverAt, or publish to a topic without orderingAttribute.",
  },
  TN1295: {
    severity: "error",
    message: "the database of this subscription is not known",
    hint: "Give the constant that `new SQLDatabase(...)` or `SQLDatabase.named(...)` is bound to, imported or not.",
  },
  TN1296: {
    severity: "error",
    message:
      'the database "{name}" of this subscription belongs to the service "{owner}", and its handler runs in "{service}"',
    hint: "Give a database of the same service: effect and acknowledgement are one only in a transaction of its own.",
  },
  TN1297: {
    severity: "error",
    message: "a subscription with a batchHandler cannot take its messages in a database",
    hint: "Give `handler` instead, which gets `tx` and one message at a time, or leave out `database`.",
  },
} as const satisfies Record<string, CatalogueEntry>;
