// Finds where a topic is published to: `topic.publish(...)`, and `topic.ref()`, whose result can publish. Whether the object is a topic
// is not known here: its name is resolved with the other references. Only what is of interest then is kept of the options.
import type { Declaration, Expression } from "./declarations.ts";
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
    arguments: method === "ref" ? [object] : [object, ...deliveryTime(node)],
    hasContract: false,
  };
}

/** What the options of a publish say about its time, if they say it plainly; other values are left to the runtime. */
function deliveryTime({ arguments: [, written] }: NodeOf<"CallExpression">): Expression[] {
  if (written === undefined || written.type === "SpreadElement") return [];
  const options = readExpression(written);
  if (options.kind !== "object") return [];
  const entries = options.entries.flatMap((entry) => {
    if (entry.kind !== "property" || (entry.key !== "delay" && entry.key !== "deliverAt")) return [];
    const { start, end } = entry.node;
    const node: Expression = entry.node.kind === "value" ? entry.node : { start, end, kind: "function" };
    return [{ ...entry, node }];
  });
  return entries.length === 0 ? [] : [{ ...options, entries }];
}
