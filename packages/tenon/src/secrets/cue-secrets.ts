// Reads `.secrets.local.cue`, where Encore keeps local secrets: fields with string values, in the part of the CUE language that such files
// use. Anything else is refused with its line rather than skipped, since whoever wrote it relies on it.
import { CommandError } from "../commands/definition.ts";

const TOKEN =
  /(?<space>\s+|\/\/[^\n]*)|(?<raw>(?<hashes>#+)"(?<rawText>.*?)"\k<hashes>)|"""\n(?<lines>[\s\S]*?)\n[ \t]*"""|"(?<text>(?:[^"\\\n]|\\.)*)"|(?<name>[A-Za-z_$][\w$]*)|(?<sign>[:,{}])/y;

interface Token {
  readonly kind: "name" | "text" | "sign";
  readonly text: string;
  readonly line: number;
}

/** `file` is for messages. Throws CommandError `secrets_file_invalid`. */
export function parseCueSecrets(text: string, file: string): Record<string, string> {
  const tokens = tokensOf(text, file);
  const secrets: Record<string, string> = {};
  let at = 0;
  const fail = (token: Token | undefined): never => {
    const line = token?.line ?? text.split("\n").length;
    throw invalid(file, line, `expected \`Name: "value"\`${token === undefined ? "" : `, found ${token.text}`}`);
  };
  while (at < tokens.length) {
    const [key, colon, value] = tokens.slice(at, at + 3);
    // The package clause, braces around all of it, and commas between fields say nothing.
    if (key?.kind === "name" && key.text === "package" && colon?.kind === "name") at += 2;
    else if (key?.kind === "sign" && key.text !== ":") at += 1;
    else if (key !== undefined && key.kind !== "sign" && colon?.text === ":" && value?.kind === "text") {
      secrets[key.text] = value.text;
      at += 3;
    } else fail(value ?? colon ?? key);
  }
  return secrets;
}

function tokensOf(text: string, file: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) throw invalid(file, line, `${JSON.stringify(text.slice(at, at + 1))} is not understood`);
    const { name, sign, rawText, lines, text: quoted } = match.groups ?? {};
    if (name !== undefined) tokens.push({ kind: "name", text: name, line });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign, line });
    else if (rawText !== undefined) tokens.push({ kind: "text", text: rawText, line });
    else if (lines !== undefined)
      tokens.push({ kind: "text", text: unescaped(withoutIndent(match[0], lines), file, line), line });
    else if (quoted !== undefined) tokens.push({ kind: "text", text: unescaped(quoted, file, line), line });
    line += match[0].split("\n").length - 1;
    at = TOKEN.lastIndex;
  }
  return tokens;
}

/** Lines begin where the closing quotes stand. */
function withoutIndent(whole: string, lines: string): string {
  const indent = /\n([ \t]*)"""$/.exec(whole)?.[1] ?? "";
  return lines
    .split("\n")
    .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line.trimStart()))
    .join("\n");
}

const SIMPLE: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  b: "\b",
  f: "\f",
  v: "\v",
  a: "\u0007",
  "/": "/",
  "\\": "\\",
  '"': '"',
  "'": "'",
};

function unescaped(text: string, file: string, line: number): string {
  return text.replace(
    /\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8})|([\s\S]))/g,
    (whole, short?: string, long?: string, one?: string) => {
      const code = short ?? long;
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
      const simple = SIMPLE[one ?? ""];
      if (simple === undefined) throw invalid(file, line, `the escape ${whole} is not understood`);
      return simple;
    },
  );
}

function invalid(file: string, line: number, what: string): CommandError {
  return new CommandError("secrets_file_invalid", `${file}:${line}: ${what}`, 'Write one `Name: "value"` a line.');
}
