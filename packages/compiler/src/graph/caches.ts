// Cache clusters: their names and settings, and the services whose code uses them.
import type { CacheCluster, Diagnostic, Schemas } from "@tenon/model";
import type { Discovered, Found } from "../discover/discover.ts";
import type { UnitResult } from "../schema/unit.ts";
import type { UsersOf } from "./found-resource.ts";
import { checkKeyspaces } from "./keyspaces.ts";
import { ResourceReader } from "./resource-reader.ts";

export interface CachesInput {
  readonly discovered: Discovered;
  readonly resultOf: (found: Found<"resource">) => UnitResult;
  readonly usersOf: UsersOf;
  readonly schemas: Schemas;
  readonly rename: (ref: string) => string;
  readonly diagnostics: Diagnostic[];
}

type DraftCluster = Omit<CacheCluster, "services"> & { readonly services: Set<string> };

const evictionPolicies: readonly unknown[] = [
  "allkeys-lru",
  "noeviction",
  "allkeys-lfu",
  "allkeys-random",
  "volatile-lru",
  "volatile-lfu",
  "volatile-ttl",
  "volatile-random",
] satisfies CacheCluster["evictionPolicy"][];

export function collectCaches(input: CachesInput): CacheCluster[] {
  const { discovered, resultOf, usersOf, diagnostics } = input;
  const found = discovered.resources.filter(({ declaration }) => declaration.type === "cache-cluster");
  const isNamed = ({ declaration }: Found<"resource">) => declaration.callee === "CacheCluster.named";
  const clusters = new Map<string, DraftCluster>();
  const names = new Map<Found<"resource">, string>();
  // Declarations before uses by name, wherever they stand.
  for (const one of [...found.filter((cluster) => !isNamed(cluster)), ...found.filter(isNamed)]) {
    const reader = new ResourceReader(one, resultOf(one), diagnostics);
    const name = reader.name(0, "TN1304", "cache cluster");
    if (name === null) continue;
    const known = clusters.get(name);
    if (isNamed(one) && known === undefined) {
      reader.report("TN1306", reader.call, { name });
      continue;
    }
    if (!isNamed(one) && known !== undefined) {
      reader.report("TN1305", reader.call, { name, other: known.location.file });
      continue;
    }
    const cluster = known ?? declared(reader, name);
    clusters.set(name, cluster);
    names.set(one, name);
    for (const service of usersOf(one.source.relative)) cluster.services.add(service);
  }
  checkKeyspaces(input, names);
  return [...clusters.values()]
    .map(({ services, ...cluster }) => ({ ...cluster, services: [...services].sort() }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function declared(reader: ResourceReader, name: string): DraftCluster {
  const options = reader.options(1, ["evictionPolicy"]);
  const evictionPolicy = reader.value(options, "evictionPolicy") ?? evictionPolicies[0];
  const isKnown = evictionPolicies.includes(evictionPolicy);
  if (!isKnown) {
    const known = evictionPolicies.map((policy) => `"${policy}"`).join(", ");
    reader.report("TN1307", options.get("evictionPolicy")!, { known });
  }
  return { name, evictionPolicy: String(evictionPolicy), services: new Set(), location: reader.location };
}
