// What has to be there before a process publishes: a message reaches the subscriptions that its topic has at that moment. Processes wait for one
// thing, so that a subscription more changes none of the others.
import { usesTopics } from "../../deployment/deployment.ts";
import type { TargetInput } from "../../target.ts";
import { type Block, resource } from "./blocks.ts";
import { isBrokerManaged } from "./settings.ts";

export function subscribedBlock(subscriptions: readonly string[]): Block {
  return resource("terraform_data", "subscribed", { depends_on: subscriptions });
}

/** For `depends_on` of a process. */
export function subscriptionsNeeded(input: TargetInput, unit: string): readonly string[] {
  return isBrokerManaged(input) && usesTopics(input.deployment, unit) ? ["terraform_data.subscribed"] : [];
}
