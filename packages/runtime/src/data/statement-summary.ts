// Reads just enough of a statement for its span and its lane: what it does, to which table, and whether it can be made to wait.

export interface StatementSummary {
  /** "SELECT"; in capitals. */
  readonly operation: string;
  /** "SELECT users", "INSERT orders": for people, and of few different values. */
  readonly name: string;
  /** A plain read that takes no lock: other reads may queue up behind it on one connection. */
  readonly plainRead: boolean;
  /** It may put its parameters into a table. */
  readonly writes: boolean;
}

const identifier = String.raw`(?:"(?:[^"]|"")+"|[\w$]+)(?:\s*\.\s*(?:"(?:[^"]|"")+"|[\w$]+))*`;
const tableAfter = new RegExp(
  String.raw`\b(?:from|into|update|table|join)\s+(?:if\s+(?:not\s+)?exists\s+)?(?:only\s+)?(${identifier})`,
  "i",
);
/** Row locks, advisory locks and pg_sleep make a statement wait for others, and everything queued behind it. */
const waits = /\bfor\s+(?:no\s+key\s+update|update|share|key\s+share)\b|\bpg_|\bnextval\b|\binto\b/i;
const writing = new Set(["INSERT", "UPDATE", "MERGE", "WITH"]);
const longestCached = 10_000;
const mostCached = 1_000;
const cache = new Map<string, StatementSummary>();

export function summarizeStatement(text: string): StatementSummary {
  const known = cache.get(text);
  if (known) return known;
  const summary = summarize(text);
  if (text.length <= longestCached) {
    if (cache.size >= mostCached) cache.clear();
    cache.set(text, summary);
  }
  return summary;
}

function summarize(text: string): StatementSummary {
  const bare = withoutCommentsAndStrings(text).trim();
  const operation = /^\(*\s*([a-z]+)/i.exec(bare)?.[1]?.toUpperCase() ?? "SQL";
  const table = tableAfter
    .exec(bare)?.[1]
    ?.replaceAll('"', "")
    .replace(/\s*\.\s*/g, ".");
  return {
    operation,
    name: table ? `${operation} ${table}` : operation,
    plainRead: operation === "SELECT" && !waits.test(bare),
    writes: writing.has(operation),
  };
}

/** Quoted identifiers stay; what is in strings and comments must not be taken for SQL. */
function withoutCommentsAndStrings(text: string): string {
  return text.replace(
    /"(?:[^"]|"")*"|\/\*[\s\S]*?\*\/|--[^\n]*|[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|(\$[A-Za-z_]*\$)[\s\S]*?\1/g,
    (part) => (part.startsWith('"') ? part : part.startsWith("/*") || part.startsWith("--") ? " " : "''"),
  );
}
