// What would change, resource by resource: added, removed, renamed, or changed at which place inside.

/** "Deployment/orders" -> what it is, as plain data. */
export type Resources = ReadonlyMap<string, unknown>;

export type ResourceChange =
  | { readonly kind: "added" | "removed"; readonly id: string }
  | { readonly kind: "renamed"; readonly id: string; readonly to: string }
  | { readonly kind: "changed"; readonly id: string; readonly places: readonly PlaceChange[] };

export interface PlaceChange {
  /** "spec.replicas", "spec.containers[0].image". */
  readonly path: string;
  /** As JSON; undefined: not there. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Sorted by id. */
export function diffResources(before: Resources, after: Resources): ResourceChange[] {
  const removed = [...before.keys()].filter((id) => !after.has(id));
  const added = [...after.keys()].filter((id) => !before.has(id));
  const changes: ResourceChange[] = [];
  for (const id of removed) {
    const to = added.find((other) => isSameButName(id, before.get(id), other, after.get(other)));
    if (to === undefined) changes.push({ kind: "removed", id });
    else {
      added.splice(added.indexOf(to), 1);
      changes.push({ kind: "renamed", id, to });
    }
  }
  for (const id of added) changes.push({ kind: "added", id });
  for (const [id, value] of before) {
    if (!after.has(id)) continue;
    const places = [...placeChanges("", value, after.get(id))];
    if (places.length > 0) changes.push({ kind: "changed", id, places });
  }
  return changes.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The same kind of thing, and the same text once one name stands for the other. */
function isSameButName(id: string, value: unknown, otherId: string, other: unknown): boolean {
  const [kind, name] = splitId(id);
  const [otherKind, otherName] = splitId(otherId);
  if (kind !== otherKind || name === "" || otherName === "") return false;
  return JSON.stringify(value)?.replaceAll(name, otherName) === JSON.stringify(other);
}

function splitId(id: string): [kind: string, name: string] {
  const slash = id.lastIndexOf("/");
  return slash === -1 ? [id, ""] : [id.slice(0, slash), id.slice(slash + 1)];
}

function* placeChanges(path: string, before: unknown, after: unknown): Generator<PlaceChange> {
  if (before === after) return;
  if (isBranch(before) && isBranch(after) && Array.isArray(before) === Array.isArray(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const place = Array.isArray(before) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
      yield* placeChanges(place, before[key], after[key]);
    }
    return;
  }
  yield { path, before: textOf(before), after: textOf(after) };
}

function isBranch(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function textOf(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}
