// Finds databases: `new SQLDatabase("name", { migrations })`, and uses of those declared elsewhere: `SQLDatabase.named("name")`.
import { argumentAt, type CallSite } from "./call-site.ts";
import type { Declaration } from "./declarations.ts";
import { readExpression } from "./expression.ts";

export function findDatabase(site: CallSite): Declaration {
  return databaseOf(site, "declared");
}

export function findNamedDatabase(site: CallSite): Declaration {
  return databaseOf(site, "named");
}

function databaseOf(site: CallSite, form: "declared" | "named"): Declaration {
  const name = argumentAt(site, 0);
  const config = argumentAt(site, 1);
  return {
    kind: "database",
    call: { start: site.node.start, end: site.node.end },
    form,
    binding: site.binding,
    name: name === null ? null : readExpression(name),
    config: config === null ? null : readExpression(config),
  };
}
