// What `tenon infra check` says.
import type { InfraReport } from "../start/check-infra.ts";
import { missingText } from "../start/missing.ts";

export function reportText(file: string, { hosting, problems, missing, unused, notices }: InfraReport): string {
  const what = hosting === undefined ? "" : ` for ${describe(hosting)}`;
  const part = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? "" : `${title}\n${lines.join("\n")}\n`;
  const asItems = (lines: readonly string[]) => lines.map((line) => `  - ${line}`);
  const verdict =
    problems.length + missing.length === 0
      ? `${file}${what}: complete`
      : `${file}${what}: ${problems.length} wrong, ${missing.length} missing`;
  return [
    `${verdict}${unused.length === 0 ? "" : `, ${unused.length} unused`}\n`,
    part("wrong", asItems(problems)),
    part("missing", missing.map(missingText)),
    part("unused", asItems(unused)),
    part("to know", asItems(notices)),
  ].join("");
}

/** An object a line. */
export function reportAsJson({ problems, missing, unused, notices }: InfraReport): string {
  const findings = [
    ...problems.map((message) => ({ kind: "wrong", message })),
    ...missing.map((one) => ({ kind: "missing", ...one })),
    ...unused.map((message) => ({ kind: "unused", message })),
    ...notices.map((message) => ({ kind: "notice", message })),
  ];
  return findings.map((finding) => `${JSON.stringify(finding)}\n`).join("");
}

function describe({ services, hasGateway }: NonNullable<InfraReport["hosting"]>): string {
  const parts = [...services, ...(hasGateway ? ["the public door"] : [])];
  return parts.length === 1 ? parts[0]! : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
