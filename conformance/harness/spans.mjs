// Looks at a trace as the dashboard's API gives it: who is below whom.

export function indexSpans(trace) {
  const byId = new Map(trace.spans.map((span) => [span.spanId, span]));
  const parentOf = (span) => (span.parentSpanId === null ? undefined : byId.get(span.parentSpanId));

  return {
    parentOf,
    /** From the parent up to the root. */
    ancestorsOf(span) {
      const ancestors = [];
      for (let above = parentOf(span); above !== undefined; above = parentOf(above)) ancestors.push(above);
      return ancestors;
    },
    find: (service, name, kind) =>
      trace.spans.find((span) => span.service === service && span.name === name && span.kind === kind),
    statements: (service) =>
      trace.spans.filter((span) => span.service === service && span.attributes["db.query.text"] !== undefined),
  };
}

/** The trace as an indented list of names, for failure messages. */
export function outlineOf(trace) {
  const children = (parentId) =>
    trace.spans.filter((span) => span.parentSpanId === parentId).sort((a, b) => a.startedAt - b.startedAt);
  const lines = (span, depth) => [
    `${"  ".repeat(depth)}${span.service} ${span.kind} ${span.name}`,
    ...children(span.spanId).flatMap((child) => lines(child, depth + 1)),
  ];
  const known = new Set(trace.spans.map((span) => span.spanId));
  const tops = trace.spans.filter((span) => span.parentSpanId === null || !known.has(span.parentSpanId));
  return tops.flatMap((span) => lines(span, 0)).join("\n");
}
