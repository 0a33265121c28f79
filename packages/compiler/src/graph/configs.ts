// The typed settings of each service: `config<T>()` in one of its files, or in one that it shares with others.
import { type Diagnostic, resolveSchema, type Schema, type Schemas } from "@tenon/model";
import { createDiagnostic } from "../diagnose/diagnostic.ts";
import type { Discovered, Found } from "../discover/discover.ts";
import type { UnitResult } from "../schema/unit.ts";
import type { UsersOf } from "./found-resource.ts";
import { renameRefs } from "./name-schemas.ts";

export interface ConfigsInput {
  readonly discovered: Discovered;
  readonly resultOf: (found: Found<"resource">) => UnitResult;
  readonly usersOf: UsersOf;
  readonly schemas: Schemas;
  readonly rename: (ref: string) => string;
  readonly diagnostics: Diagnostic[];
}

/** By service. */
export function collectConfigs(input: ConfigsInput): Map<string, Schema> {
  const { discovered, usersOf, diagnostics } = input;
  const configs = new Map<string, { readonly schema: Schema; readonly file: string }>();
  for (const found of discovered.resources) {
    const { source, declaration } = found;
    if (declaration.type !== "config") continue;
    const schema = schemaOf(found, input);
    for (const service of schema === null ? [] : usersOf(source.relative)) {
      const other = configs.get(service);
      if (other === undefined) {
        configs.set(service, { schema: schema!, file: source.relative });
        continue;
      }
      const place = source.lines.place(source.relative, declaration.call);
      diagnostics.push(createDiagnostic("TN1175", place, { service, other: other.file }));
    }
  }
  return new Map([...configs].map(([service, { schema }]) => [service, schema]));
}

/** null: it was reported. */
function schemaOf(found: Found<"resource">, input: ConfigsInput): Schema | null {
  const { source, declaration } = found;
  const { signature } = input.resultOf(found);
  const here = source.lines.place(source.relative, declaration.binding ?? declaration.call);
  for (const { code, path, detail, place } of signature?.problems ?? []) {
    input.diagnostics.push(createDiagnostic(code, place ?? here, { path, detail }));
  }
  if (signature !== null && signature.problems.length > 0) return null;
  const type = signature?.types["config"];
  const schema = type == null ? null : renameRefs(type, input.rename);
  const resolved = schema === null ? null : resolveSchema(schema, input.schemas);
  if (resolved?.kind === "object" && resolved.properties.length > 0) return schema;
  input.diagnostics.push(createDiagnostic("TN1174", here));
  return null;
}
