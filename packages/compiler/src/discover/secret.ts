// Finds secrets: `secret("Name")`.
import { argumentAt, type CallSite } from "./call-site.ts";
import type { Declaration } from "./declarations.ts";
import { readExpression } from "./expression.ts";

export function findSecret(site: CallSite): Declaration {
  const name = argumentAt(site, 0);
  return {
    kind: "secret",
    call: { start: site.node.start, end: site.node.end },
    name: name === null ? null : readExpression(name),
  };
}
