// A subscription as the process that runs its handlers has it.
import type { Codec } from "@tenon/model";
import type { Middleware } from "../middleware/middleware.ts";
import { type SpanTemplate, spanTemplate } from "../telemetry/span-template.ts";
import type { SubscriptionSpec } from "./broker.ts";
import type { OpenInbox } from "./inbox/open-inboxes.ts";
import type { LoadedSubscription } from "./subscription.ts";

interface SubscriptionParts {
  readonly service: string;
  readonly subscription: SubscriptionSpec;
  readonly codec: Codec;
  readonly loaded: LoadedSubscription;
  /** How messages are put together for its batch handler; undefined: it takes them one by one. */
  readonly batch: { readonly maxSize: number; readonly maxWaitMs: number } | undefined;
  /** Of a subscription with a `database`; undefined: it has none. */
  readonly inbox: OpenInbox | undefined;
  /** Outermost first. */
  readonly middlewares: readonly Middleware[];
  /** `messaging.system` of its spans. */
  readonly system: string;
}

export interface HostedSubscription extends SubscriptionParts {
  /** "order-placed/send-mail", for logs and spans. */
  readonly fullName: string;
  readonly spans: { readonly handle: SpanTemplate; readonly bury: SpanTemplate };
}

export function hostSubscription(parts: SubscriptionParts): HostedSubscription {
  const { service, subscription, system } = parts;
  const fullName = `${subscription.topic}/${subscription.name}`;
  const attributes = {
    "messaging.system": system,
    "messaging.operation.type": "process",
    "messaging.destination.name": subscription.topic,
    "messaging.consumer.group.name": subscription.name,
  };
  const template = (name: string) => spanTemplate({ name, kind: "consumer", service, attributes });
  return { ...parts, fullName, spans: { handle: template(fullName), bury: template(`${fullName} dead letter`) } };
}
