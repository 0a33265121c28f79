// Says quickly what a declaration can have in its doc comment, from the text of its file alone: asking TypeScript about each of
// thousands of properties would cost more than all the rest.
import { readFileSync, statSync } from "node:fs";

interface DocumentedNames {
  readonly stamp: string;
  readonly described: ReadonlySet<string>;
  readonly ruled: ReadonlySet<string>;
}

const namesByFile = new Map<string, DocumentedNames>();

/** False only when the file certainly has no doc comment in front of something of that name. */
export function mayHaveDescription(file: string, name: string): boolean {
  return documentedNames(file)?.described.has(name) ?? false;
}

/** The same for doc comments with tags that are rules. */
export function mayHaveRuleTags(file: string, name: string): boolean {
  return documentedNames(file)?.ruled.has(name) ?? false;
}

/** Tags that say which values are allowed, stand in for an absent one, or show one. */
export function isRuleTag(name: string): boolean {
  return ruleTags.has(name);
}

const ruleTags: ReadonlySet<string> = new Set(
  (
    "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf integer minLength maxLength pattern format minItems maxItems " +
    "uniqueItems default example"
  ).split(" "),
);

function documentedNames(file: string): DocumentedNames | null {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return null;
  const stamp = `${stats.mtimeMs} ${stats.size}`;
  const known = namesByFile.get(file);
  if (known?.stamp === stamp) return known;
  const described = new Set<string>();
  const ruled = new Set<string>();
  const text = readFileSync(file, "utf8");
  for (const match of text.matchAll(documented)) {
    described.add(match[1]!);
    if (hasRuleTag.test(commentBefore(text, match.index))) ruled.add(match[1]!);
  }
  const names = { stamp, described, ruled };
  namesByFile.set(file, names);
  return names;
}

/** What stands between the comment's start and its end at `end`. */
function commentBefore(text: string, end: number): string {
  return text.slice(text.lastIndexOf("/**", end), end);
}

const hasRuleTag = new RegExp(`@(?:${[...ruleTags].join("|")})\\b`);

const documented =
  /\*\/\s*(?:(?:export|declare|default|const|let|var|async|function|interface|type|class|enum|abstract|readonly|public|static|get|set|override|accessor)\s+)*["'#]?([\w$-]+)/g;
