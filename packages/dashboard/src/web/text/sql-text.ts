// Lays out a SQL statement for reading: one clause a line, keywords marked. It changes white space only, never a token, and leaves
// text inside quotes, comments and parentheses on its line.

export interface SqlPart {
  readonly kind: "keyword" | "literal" | "comment" | "text";
  readonly text: string;
}

const TOKEN =
  /(?<comment>--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<literal>\$(?<tag>[A-Za-z_]*)\$[\s\S]*?(?:\$\k<tag>\$|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$))|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|(?<space>\s+)|(?<other>[\s\S])/gu;

/** These begin a line of their own outside parentheses. */
const CLAUSES = new Set(
  "SELECT FROM WHERE GROUP HAVING ORDER LIMIT OFFSET UNION INTERSECT EXCEPT VALUES SET RETURNING WITH INSERT UPDATE DELETE JOIN LEFT RIGHT INNER FULL CROSS WINDOW FOR".split(
    " ",
  ),
);

const KEYWORDS = new Set([
  ...CLAUSES,
  ..."ON AND OR NOT IN IS NULL AS BY INTO DO NOTHING CONFLICT DISTINCT ASC DESC LIKE ILIKE BETWEEN EXISTS CASE WHEN THEN ELSE END OUTER ALL ANY TRUE FALSE DEFAULT BEGIN COMMIT ROLLBACK SAVEPOINT RELEASE TO SKIP LOCKED SHARE CREATE TABLE INDEX ALTER DROP USING OVER PARTITION LATERAL".split(
    " ",
  ),
]);

/** Only a new line when the word before them does not belong to the same clause: LEFT JOIN, DELETE FROM, DO UPDATE, FOR UPDATE. */
const JOINED: Readonly<Record<string, readonly string[]>> = {
  JOIN: ["LEFT", "RIGHT", "INNER", "OUTER", "FULL", "CROSS"],
  FROM: ["DELETE", "DISTINCT"],
  UPDATE: ["DO", "FOR", "KEY"],
  SET: ["UPDATE"],
};

export function layOutSql(sql: string): SqlPart[] {
  const parts: SqlPart[] = [];
  let depth = 0;
  let previousWord = "";
  let lineIsEmpty = true;
  let space = "";
  const push = (kind: SqlPart["kind"], text: string, breakBefore: boolean) => {
    if (!lineIsEmpty) {
      if (breakBefore) parts.push({ kind: "text", text: "\n" });
      else if (space !== "") parts.push({ kind: "text", text: space });
    }
    space = "";
    parts.push({ kind, text });
    lineIsEmpty = false;
  };
  for (const match of sql.trim().matchAll(TOKEN)) {
    const groups = match.groups ?? {};
    const text = match[0];
    if (groups["space"] !== undefined) {
      // A line comment ends at its line break, so that break has to stay one.
      space = parts.at(-1)?.kind === "comment" && text.includes("\n") ? "\n" : " ";
    } else if (groups["word"] !== undefined) {
      const word = text.toUpperCase();
      const isConflict = word === "ON" && /^\s+CONFLICT\b/i.test(sql.trim().slice(match.index + 2));
      const isClause = isConflict || (CLAUSES.has(word) && !(JOINED[word]?.includes(previousWord) ?? false));
      push(KEYWORDS.has(word) ? "keyword" : "text", text, isClause && depth === 0 && space !== "");
      previousWord = word;
    } else {
      if (text === "(") depth += 1;
      if (text === ")") depth = Math.max(0, depth - 1);
      const kind = groups["comment"] !== undefined ? "comment" : groups["literal"] !== undefined ? "literal" : "text";
      push(kind, text, false);
      if (kind === "text") previousWord = "";
    }
  }
  return merge(parts);
}

function merge(parts: readonly SqlPart[]): SqlPart[] {
  const merged: SqlPart[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (last?.kind === "text" && part.kind === "text")
      merged[merged.length - 1] = { kind: "text", text: last.text + part.text };
    else merged.push(part);
  }
  return merged;
}
