// The database in whose transactions a subscription takes its messages: one of its own service.
import type { Subscription } from "@tenon/model";
import { type Discovered, type Found, nearest } from "../discover/discover.ts";
import type { UnitResult } from "../schema/unit.ts";
import { nameOf } from "./found-resource.ts";
import { isReferenceTo, type Options, type ResourceReader } from "./resource-reader.ts";

export interface SubscriptionDatabaseInput {
  readonly discovered: Discovered;
  readonly resultOf: (found: Found<"resource"> | Found<"database">) => UnitResult;
}

/** Empty where the option is missing, or reported. `options`: those of the subscription, of `service`. */
export function readSubscriptionDatabase(
  { discovered, resultOf }: SubscriptionDatabaseInput,
  reader: ResourceReader,
  options: Options,
  service: string,
): Pick<Subscription, "effect" | "database"> {
  const option = options.get("database");
  if (option === undefined) return {};
  if (options.has("batchHandler")) reader.report("TN1297", option);
  const reference = reader.optionReference(2, "database");
  const found = discovered.databases.find((one) => isReferenceTo(reference, one));
  const name = found === undefined ? null : nameOf(found, resultOf(found).values);
  if (found === undefined || name === null) {
    reader.report("TN1295", option);
    return {};
  }
  const home = homeOf(found, discovered);
  if (home !== undefined && home !== service) reader.report("TN1296", option, { name, owner: home, service });
  return { effect: "exactly-once", database: name };
}

/** The service in whose folder it stands. */
function homeOf({ source }: Found<"database">, { services }: Discovered): string | undefined {
  return nearest(source.relative, (folder) => services.find(({ directory }) => directory === folder)?.name);
}
