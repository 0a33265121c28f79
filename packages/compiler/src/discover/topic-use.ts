// Finds where a topic is published to: `topic.publish(...)`, and `topic.ref()`, whose result can publish. Whether the object is a topic
// is not known here: its name is resolved with the other references.
import type { Declaration } from "./declarations.ts";
import { readExpression } from "./expression.ts";
import { memberName } from "./client-use.ts";
import { bareExpression, type NodeOf } from "./syntax.ts";

const methods: ReadonlySet<string> = new Set(["publish", "publishBatch", "ref"]);

export function findTopicUse(node: NodeOf<"CallExpression"> | NodeOf<"NewExpression">): Declaration | null {
  const callee = bareExpression(node.callee);
  if (node.type !== "CallExpression" || callee.type !== "MemberExpression") return null;
  const method = memberName(callee);
  if (method === null || !methods.has(method)) return null;
  const object = readExpression(callee.object);
  if (object.kind !== "name") return null;
  return {
    kind: "resource",
    type: "topic-use",
    callee: method,
    call: { start: node.start, end: node.end },
    binding: null,
    isDefaultExport: false,
    arguments: [object],
    hasContract: false,
  };
}
