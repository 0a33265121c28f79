// Finds calls of other services: `users.get(...)` with `users` from `~tenon/clients`. They are the edges of the call graph, and the
// graph is the allow-list, so a client that is passed around counts as a use of every endpoint.
import type { Declaration, Span } from "./declarations.ts";
import type { SyntaxNode } from "./syntax.ts";

export const clientsModule = "~tenon/clients";

/** `node` is a reference to the client of `service` (null: of any of them), `parent` what stands around it. */
export function findClientUse(service: string | null, node: SyntaxNode, parent: SyntaxNode | null): Declaration[] {
  const call: Span = { start: node.start, end: node.end };
  const use = (endpoint: string | null): Declaration => ({ kind: "client-use", call, service, endpoint });
  if (parent?.type === "MemberExpression" && parent.object === node) {
    const name = memberName(parent);
    // `users.ref()` is the client as a value, unless the service has an endpoint of that name; either way the whole may be used.
    return [
      name === null || name === "ref" ? use(null) : { ...use(name), call: { start: parent.start, end: parent.end } },
    ];
  }
  if (parent?.type === "VariableDeclarator" && parent.init === node && parent.id.type === "ObjectPattern") {
    return parent.id.properties.map((property) =>
      property.type === "Property" && !property.computed && property.key.type === "Identifier"
        ? use(property.key.name)
        : use(null),
    );
  }
  return [use(null)];
}

export function memberName(node: Extract<SyntaxNode, { type: "MemberExpression" }>): string | null {
  if (!node.computed) return node.property.type === "Identifier" ? node.property.name : null;
  const key = node.property;
  return key.type === "Literal" && typeof key.value === "string" ? key.value : null;
}
