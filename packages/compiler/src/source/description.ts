// Says quickly whether a declaration can have a doc comment, from the text of its file alone: asking TypeScript about each of
// thousands of properties would cost more than all the rest.
import { readFileSync, statSync } from "node:fs";

const namesByFile = new Map<string, { stamp: string; names: ReadonlySet<string> }>();

/** False only when the file certainly has no doc comment in front of something of that name. */
export function mayHaveDescription(file: string, name: string): boolean {
  return documentedNames(file).has(name);
}

function documentedNames(file: string): ReadonlySet<string> {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return new Set();
  const stamp = `${stats.mtimeMs} ${stats.size}`;
  const known = namesByFile.get(file);
  if (known?.stamp === stamp) return known.names;
  const names = new Set<string>();
  for (const match of readFileSync(file, "utf8").matchAll(documented)) names.add(match[1]!);
  namesByFile.set(file, { stamp, names });
  return names;
}

const documented =
  /\*\/\s*(?:(?:export|declare|default|const|let|var|async|function|interface|type|class|enum|abstract|readonly|public|static|get|set|override|accessor)\s+)*["'#]?([\w$-]+)/g;
