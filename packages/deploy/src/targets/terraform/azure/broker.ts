// Azure's own broker is Service Bus, and there is no engine for it.
import { DeployError } from "../../../deploy-error.ts";
import type { TargetInput } from "../../../target.ts";
import { isBrokerManaged } from "../settings.ts";

/** Throws DeployError `target_unable`. */
export function refuseManagedBroker(input: TargetInput): void {
  const { topics } = input.deployment;
  if (!isBrokerManaged(input) || topics.length === 0) return;
  const names = topics.map(({ name }) => `"${name}"`).join(", ");
  throw new DeployError(
    "target_unable",
    `Azure keeps no topics that Tenon can use: there is no engine for Service Bus (${names})`,
    'Leave out "broker": messages then stay in PostgreSQL, in a database of their own on the app\'s server.',
  );
}
