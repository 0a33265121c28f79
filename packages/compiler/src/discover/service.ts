// Finds service markers: `export default new Service("name", { ... })`.
import { argumentAt, type CallSite } from "./call-site.ts";
import type { Declaration } from "./declarations.ts";
import { readExpression } from "./expression.ts";

export function findService(site: CallSite): Declaration {
  const name = argumentAt(site, 0);
  const config = argumentAt(site, 1);
  return {
    kind: "service",
    call: { start: site.node.start, end: site.node.end },
    name: name === null ? null : readExpression(name),
    config: config === null ? null : readExpression(config),
    isDefaultExport: site.isDefaultExport || site.binding?.exportName === "default",
  };
}
