// The metrics that an app declares: names, kinds, labels, and the services whose code uses them.
import { type Diagnostic, type Metric, resolveSchema, type Schemas } from "@tenon/model";
import type { DiagnosticCode } from "../diagnose/catalogue.ts";
import { createDiagnostic } from "../diagnose/diagnostic.ts";
import type { Span } from "../discover/declarations.ts";
import type { Discovered, Found } from "../discover/discover.ts";
import { evaluate, leavesOf } from "../schema/option-value.ts";
import type { UnitResult } from "../schema/unit.ts";
import { locationOf, type UsersOf } from "./found-resource.ts";
import { renameRefs } from "./name-schemas.ts";

export interface MetricsInput {
  readonly discovered: Discovered;
  readonly resultOf: (found: Found<"resource">) => UnitResult;
  readonly usersOf: UsersOf;
  readonly schemas: Schemas;
  readonly rename: (ref: string) => string;
  readonly diagnostics: Diagnostic[];
}

/** Of Prometheus, without the colon that it keeps for itself. */
const namePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** A histogram's buckets have it; what begins with two underscores belongs to the collector. */
const reservedLabel = "le";

export function collectMetrics(input: MetricsInput): Metric[] {
  const metrics: Metric[] = [];
  for (const found of input.discovered.resources) {
    const { source, declaration } = found;
    if (declaration.type !== "metric") continue;
    const name = nameOf(found, input);
    if (name === null) continue;
    const other = metrics.find((metric) => metric.name === name);
    if (other !== undefined) {
      report(input, "TN1171", found, declaration.call, { name, other: other.location.file });
      continue;
    }
    metrics.push({
      name,
      kind: kindOf(declaration.callee),
      labels: labelsOf(found, input),
      services: [...input.usersOf(source.relative)].sort(),
      location: locationOf(source, declaration.call),
    });
  }
  return metrics.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function nameOf(found: Found<"resource">, input: MetricsInput): string | null {
  const argument = found.declaration.arguments[0];
  const leaves = found.declaration.arguments.flatMap(leavesOf);
  const { values } = input.resultOf(found);
  const known = argument == null ? null : evaluate(argument, (leaf) => values[leaves.indexOf(leaf)] ?? null);
  const name = known?.value;
  if (typeof name === "string" && namePattern.test(name)) return name;
  report(input, "TN1170", found, argument ?? found.declaration.call);
  return null;
}

/** "new CounterGroup" -> "counter". */
function kindOf(callee: string): Metric["kind"] {
  if (callee.includes("Histogram")) return "histogram";
  return callee.includes("Gauge") ? "gauge" : "counter";
}

function labelsOf(found: Found<"resource">, input: MetricsInput): string[] {
  if (!found.declaration.hasContract) return [];
  const { signature } = input.resultOf(found);
  const labels = signature?.types["labels"];
  const schema = labels == null ? null : resolveSchema(renameRefs(labels, input.rename), input.schemas);
  if (schema?.kind !== "object" || schema.index !== undefined) {
    report(input, "TN1172", found, found.declaration.call);
    return [];
  }
  const names = schema.properties.map(({ name }) => name);
  for (const label of names) {
    if (namePattern.test(label) && !label.startsWith("__") && label !== reservedLabel) continue;
    report(input, "TN1173", found, found.declaration.call, { label });
  }
  return names.sort();
}

function report(
  { diagnostics }: MetricsInput,
  code: DiagnosticCode,
  { source }: Found<"resource">,
  span: Span,
  words: Record<string, string> = {},
): void {
  diagnostics.push(createDiagnostic(code, source.lines.place(source.relative, span), words));
}
