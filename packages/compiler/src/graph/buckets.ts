// Buckets: their names and settings, and the services whose code uses them.
import type { Bucket, Diagnostic } from "@tenon/model";
import type { Discovered, Found } from "../discover/discover.ts";
import type { UnitResult } from "../schema/unit.ts";
import type { UsersOf } from "./found-resource.ts";
import { type Options, ResourceReader } from "./resource-reader.ts";

export interface BucketsInput {
  readonly discovered: Discovered;
  readonly resultOf: (found: Found<"resource">) => UnitResult;
  readonly usersOf: UsersOf;
  readonly diagnostics: Diagnostic[];
}

type DraftBucket = Omit<Bucket, "services"> & { readonly services: Set<string> };

export function collectBuckets({ discovered, resultOf, usersOf, diagnostics }: BucketsInput): Bucket[] {
  const found = discovered.resources.filter(({ declaration }) => declaration.type === "bucket");
  const isNamed = ({ declaration }: Found<"resource">) => declaration.callee === "Bucket.named";
  const buckets = new Map<string, DraftBucket>();
  // Declarations before uses by name, wherever they stand.
  for (const one of [...found.filter((bucket) => !isNamed(bucket)), ...found.filter(isNamed)]) {
    const reader = new ResourceReader(one, resultOf(one), diagnostics);
    const name = reader.name(0, "TN1300", "bucket");
    if (name === null) continue;
    const known = buckets.get(name);
    if (isNamed(one) && known === undefined) reader.report("TN1302", reader.call, { name });
    else if (!isNamed(one) && known !== undefined) {
      reader.report("TN1301", reader.call, { name, other: known.location.file });
      continue;
    }
    const bucket = known ?? declared(reader, name);
    buckets.set(name, bucket);
    for (const service of usersOf(one.source.relative)) bucket.services.add(service);
  }
  return [...buckets.values()]
    .map(({ services, ...bucket }) => ({ ...bucket, services: [...services].sort() }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function declared(reader: ResourceReader, name: string): DraftBucket {
  const options = reader.options(1, ["public", "versioned"]);
  return {
    name,
    isPublic: flag(reader, options, "public"),
    isVersioned: flag(reader, options, "versioned"),
    services: new Set(),
    location: reader.location,
  };
}

function flag(reader: ResourceReader, options: Options, option: string): boolean {
  const value = reader.value(options, option);
  if (value === undefined || typeof value === "boolean") return value ?? false;
  reader.report("TN1303", options.get(option)!, { option });
  return false;
}
