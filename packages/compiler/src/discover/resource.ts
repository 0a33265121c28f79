// Finds the declarations that have nothing special about them: a call with arguments, bound to a name or not.
import { argumentAt, type CallSite } from "./call-site.ts";
import type { Declaration, ResourceType } from "./declarations.ts";
import { readExpression } from "./expression.ts";

/** Makes the finder of one type. `hasContract`: its value's type tells the types it is about. */
export function findResource(type: ResourceType, hasContract: boolean): (site: CallSite) => Declaration {
  return (site) => ({
    kind: "resource",
    type,
    callee: site.isNew ? `new ${site.name}` : site.name,
    call: { start: site.node.start, end: site.node.end },
    binding: site.binding,
    isDefaultExport: site.isDefaultExport,
    arguments: site.node.arguments.map((_, index) => {
      const argument = argumentAt(site, index);
      return argument === null ? null : readExpression(argument);
    }),
    hasContract,
  });
}
