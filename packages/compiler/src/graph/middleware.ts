// Which middleware runs around the endpoints of a service, or of all of them, as `middlewares: [...]` lists it. The list is told by
// name: what runs is decided when the service is loaded.
import type { Diagnostic, Middleware } from "@tenon/model";
import { createDiagnostic } from "../diagnose/diagnostic.ts";
import type { Expression } from "../discover/declarations.ts";
import type { Discovered, Found } from "../discover/discover.ts";
import type { SourceFile } from "../discover/scan-files.ts";
import type { UnitResult } from "../schema/unit.ts";
import { ResourceOptions } from "./resource-options.ts";

/** `config`: the argument of `new Service` or `new App` that holds the list. */
export function middlewareIn(
  source: SourceFile | null,
  config: Expression | null,
  discovered: Discovered,
): readonly Middleware[] {
  if (source === null || config?.kind !== "object") return [];
  const entry = config.entries.findLast((one) => one.kind === "property" && one.key === "middlewares");
  if (entry === undefined) return [];
  const items = entry.node.kind === "array" ? entry.node.items.map(({ node }) => node) : [entry.node];
  return items.map((item) => {
    const name = item.kind === "name" ? source.text.slice(item.position, item.end) : "";
    return { name, ...locationOf(name, item, source, discovered) };
  });
}

/** Where the middleware of that name is declared, when there is just one; else where it is listed. */
function locationOf(name: string, item: Expression, source: SourceFile, { resources }: Discovered) {
  const declared = resources.filter(
    ({ declaration: { type, binding } }) => type === "middleware" && binding !== null && binding.name === name,
  );
  const here = declared.find((found) => found.source === source) ?? (declared.length === 1 ? declared[0] : undefined);
  const at = here === undefined ? item : here.declaration.binding!;
  const file = here?.source ?? source;
  const { line, column } = file.lines.at(at.start);
  return { location: { file: file.relative, line, column } };
}

const targets = ["expose", "auth", "isRaw", "isStream", "tags", "isSubscription"];

/** Options that nobody reads would let a middleware run where it should not, or not where it should. */
export function checkMiddleware(
  discovered: Discovered,
  resultOf: (found: Found<"resource">) => UnitResult,
  diagnostics: Diagnostic[],
): void {
  for (const found of discovered.resources) {
    if (found.declaration.type !== "middleware" || found.declaration.arguments.length < 2) continue;
    const { source } = found;
    const report = (option: string, span: { start: number; end: number }, known: readonly string[]) => {
      const place = source.lines.place(source.relative, span);
      diagnostics.push(createDiagnostic("TN1013", place, { option, known: known.join(", ") }));
    };
    const options = new ResourceOptions(found, resultOf(found));
    for (const [key, located] of options.object(0) ?? []) if (key !== "target") report(key, located, ["target"]);
    const target = options.written(0, "target");
    if (target?.kind !== "object") continue;
    for (const entry of target.entries) {
      if (entry.kind === "property" && !targets.includes(entry.key)) report(entry.key, entry.keySpan, targets);
    }
  }
}
