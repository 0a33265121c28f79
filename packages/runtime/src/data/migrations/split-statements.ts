// Cuts a SQL text at the semicolons between statements, and not at those in strings, quoted names, comments and dollar quotes.

export interface StatementText {
  readonly text: string;
  /** Characters (not UTF-16 units) before it in the whole text. */
  readonly offset: number;
}

/** What a semicolon may hide in. Block comments nest in PostgreSQL, so they are read by hand. */
const token =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\$([A-Za-z_\u0080-\uFFFF][\w\u0080-\uFFFF]*)?\$|\/\*|;|[\w\u0080-\uFFFF$]+|[\s\S]/gy;
const escapeString = /'(?:[^'\\]|\\[\s\S]|'')*'/y;

export function splitStatements(sql: string): StatementText[] {
  const statements: StatementText[] = [];
  let start = 0;
  let end = 0;
  while (end < sql.length) {
    const next = endOfToken(sql, end);
    if (sql[end] === ";" && next === end + 1) {
      add(statements, sql, start, end);
      start = next;
    }
    end = next;
  }
  add(statements, sql, start, sql.length);
  return statements;
}

/** The statements that have come to their semicolon, and what stands behind the last one: the beginning of another, or nothing. */
export function completeStatements(sql: string): { complete: StatementText[]; rest: string } {
  let end = 0;
  let restAt = 0;
  while (end < sql.length) {
    const next = endOfToken(sql, end);
    if (sql[end] === ";" && next === end + 1) restAt = next;
    end = next;
  }
  const rest = sql.slice(restAt);
  return { complete: splitStatements(sql.slice(0, restAt)), rest: isEmpty(rest) ? "" : rest };
}

function endOfToken(sql: string, at: number): number {
  token.lastIndex = at;
  const match = token.exec(sql)!;
  const text = match[0];
  const end = at + text.length;
  // A quote that is never closed takes the rest with it.
  if (text === "'" || text === '"') return sql.length;
  if (text === "/*") return endOfBlockComment(sql, end);
  if (/^\$.*\$$/s.test(text) && text.length > 1 && !/^\$\d/.test(text)) {
    const close = sql.indexOf(text, end);
    return close === -1 ? sql.length : close + text.length;
  }
  // E'...' knows backslash escapes, all other strings do not.
  if (/^e$/i.test(text) && sql[end] === "'") {
    escapeString.lastIndex = end;
    return end + (escapeString.exec(sql)?.[0].length ?? sql.length - end);
  }
  return end;
}

function endOfBlockComment(sql: string, at: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = at;
  for (let depth = 1; depth > 0; ) {
    const match = edge.exec(sql);
    if (!match) return sql.length;
    depth += match[0] === "/*" ? 1 : -1;
  }
  return edge.lastIndex;
}

function add(statements: StatementText[], sql: string, start: number, end: number): void {
  const text = sql.slice(start, end);
  if (isEmpty(text)) return;
  statements.push({ text, offset: [...sql.slice(0, start)].length });
}

/** Nothing but comments. */
function isEmpty(text: string): boolean {
  return text.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, "").trim() === "";
}
