// Finds declarations that Encore.ts has and Tenon does not yet, so that they are named rather than ignored.
import type { CallSite } from "./call-site.ts";
import type { Declaration } from "./declarations.ts";

export function findUnsupported(site: CallSite): Declaration {
  const what = site.isNew ? `new ${site.name}` : site.name;
  return { kind: "unsupported", call: { start: site.node.start, end: site.node.end }, what };
}
