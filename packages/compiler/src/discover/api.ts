// Finds endpoints: `api(options, handler)`.
import { argumentAt, type CallSite } from "./call-site.ts";
import type { Declaration } from "./declarations.ts";
import { readExpression } from "./expression.ts";

export function findApi(site: CallSite): Declaration {
  const options = argumentAt(site, 0);
  return {
    kind: "api",
    call: { start: site.node.start, end: site.node.end },
    binding: site.binding,
    options: options === null ? null : readExpression(options),
    hasHandler: argumentAt(site, 1) !== null,
  };
}
