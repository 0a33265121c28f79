// Checks the keyspaces of caches: their key patterns against their key types, and against each other.
import { resolveSchema, type Schema } from "@tenon/model";
import type { Span } from "../discover/declarations.ts";
import type { Found } from "../discover/discover.ts";
import type { CachesInput } from "./caches.ts";
import { renameRefs } from "./name-schemas.ts";
import { isReferenceTo, ResourceReader } from "./resource-reader.ts";

/** Keys that begin so belong to the framework. */
const reservedPrefixes = ["__encore", "__tenon"];

const knownOptions = ["keyPattern", "defaultExpiry", "limit", "windowMs"];

interface Keyspace {
  readonly cluster: string;
  readonly pattern: string;
  /** "StringKeyspace". */
  readonly kind: string;
  readonly file: string;
}

/** `names`: of the declared clusters. */
export function checkKeyspaces(input: CachesInput, names: ReadonlyMap<Found<"resource">, string>): void {
  const keyspaces: Keyspace[] = [];
  for (const found of input.discovered.resources) {
    if (found.declaration.type !== "cache-keyspace") continue;
    const reader = new ResourceReader(found, input.resultOf(found), input.diagnostics);
    // What is not written here is left to the runtime.
    if (reader.argument(1)?.kind !== "object") continue;
    const located = reader.options(1, knownOptions).get("keyPattern");
    const pattern = located?.known?.value;
    if (typeof pattern !== "string") continue;
    if (!checkPattern(reader, pattern, located!)) continue;
    checkFields(reader, pattern, located!, keyType(found, input));
    const cluster = [...names].find(([one]) => isReferenceTo(reader.reference(0), one))?.[1];
    if (cluster === undefined) continue;
    const kind = found.declaration.callee.replace(/^new /, "");
    const other = keyspaces.find((one) => one.cluster === cluster && one.pattern === pattern && one.kind !== kind);
    if (other !== undefined)
      reader.report("TN1311", located!, { pattern, kind, other: `the ${other.kind} in ${other.file}` });
    keyspaces.push({ cluster, pattern, kind, file: found.source.relative });
  }
}

function checkPattern(reader: ResourceReader, pattern: string, span: Span): boolean {
  const reserved = reservedPrefixes.find((prefix) => pattern.startsWith(prefix));
  const reason =
    pattern === ""
      ? "it is empty"
      : pattern.split("/").includes(":")
        ? 'a ":" stands without the name of a field'
        : reserved === undefined
          ? null
          : `keys that begin with "${reserved}" are reserved`;
  if (reason !== null) reader.report("TN1308", span, { pattern, reason });
  return reason === null;
}

/** The schema of an object type; null: it is none, or cannot be read. */
function keyType(found: Found<"resource">, { resultOf, schemas, rename }: CachesInput): Schema | null {
  const { signature } = resultOf(found);
  const type = signature?.types["key"];
  if (type == null || (signature?.problems.length ?? 0) > 0) return null;
  return resolveSchema(renameRefs(type, rename), schemas);
}

function checkFields(reader: ResourceReader, pattern: string, span: Span, key: Schema | null): void {
  if (key?.kind !== "object" || key.index !== undefined) return;
  const fields = pattern.split("/").flatMap((segment) => (segment.startsWith(":") ? [segment.slice(1)] : []));
  const known = key.properties.map(({ name }) => name);
  for (const field of fields) {
    if (!known.includes(field)) reader.report("TN1309", span, { field, known: known.join(", ") });
  }
  for (const field of known) {
    if (!fields.includes(field)) reader.report("TN1310", span, { field, pattern });
  }
}
