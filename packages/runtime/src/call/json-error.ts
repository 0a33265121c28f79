// Where a text stops being JSON (RFC 8259): engines word and place this differently or not at all, and a client wants the position.
// Only runs after JSON.parse has failed, so it is written to be read. It keeps its own stack: a hostile text may nest without end.

export interface JsonError {
  /** "expected a value, got }". */
  readonly reason: string;
  /** Both from 1; columns count characters (UTF-16 code units). */
  readonly line: number;
  readonly column: number;
}

const WHITESPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 8259 forbids exactly these inside a string
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** The first place where `text` is not JSON; undefined when it is. */
export function locateJsonError(text: string): JsonError | undefined {
  const failure = new Scanner(text).scan();
  if (failure === undefined) return undefined;
  const before = text.slice(0, failure.offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { reason: failure.reason, line: before.split("\n").length, column: failure.offset - lineStart + 1 };
}

interface Failure {
  readonly offset: number;
  readonly reason: string;
}

class Scanner {
  private readonly text: string;
  private offset = 0;
  /** What is open: "{" or "[". */
  private readonly open: string[] = [];

  constructor(text: string) {
    this.text = text;
  }

  scan(): Failure | undefined {
    for (;;) {
      const failure = this.value();
      if (failure !== undefined) return failure;
      const next = this.afterValue();
      if (next !== "value") return next === "end" ? undefined : next;
    }
  }

  /** A value, or the opening of one up to where its first member's value starts. */
  private value(): Failure | undefined {
    for (;;) {
      this.skip(WHITESPACE);
      const character = this.text[this.offset];
      if (character === '"') return this.string();
      if (character === "[") {
        this.offset++;
        this.skip(WHITESPACE);
        this.open.push("[");
        if (this.text[this.offset] === "]") return undefined;
      } else if (character === "{") {
        this.offset++;
        this.skip(WHITESPACE);
        this.open.push("{");
        if (this.text[this.offset] === "}") return undefined;
        const failure = this.key();
        if (failure !== undefined) return failure;
      } else {
        return this.skip(NUMBER) || this.skip(WORD) ? undefined : this.expected("a value");
      }
    }
  }

  private key(): Failure | undefined {
    this.skip(WHITESPACE);
    if (this.text[this.offset] !== '"') return this.expected("a property name in double quotes");
    const failure = this.string();
    if (failure !== undefined) return failure;
    this.skip(WHITESPACE);
    if (this.text[this.offset] !== ":") return this.expected('":" after the property name');
    this.offset++;
    return undefined;
  }

  /** Closes what ends here and goes on behind a comma. */
  private afterValue(): Failure | "value" | "end" {
    for (;;) {
      this.skip(WHITESPACE);
      const container = this.open.at(-1);
      const character = this.text[this.offset];
      if (container === undefined) return character === undefined ? "end" : this.expected("the end of the text");
      if (character === ",") {
        this.offset++;
        if (container === "[") return "value";
        return this.key() ?? "value";
      }
      if (character !== (container === "[" ? "]" : "}")) {
        return this.expected(container === "[" ? '"," or "]"' : '"," or "}"');
      }
      this.open.pop();
      this.offset++;
    }
  }

  private string(): Failure | undefined {
    this.offset++;
    for (;;) {
      this.skip(PLAIN);
      const character = this.text[this.offset];
      if (character === '"') {
        this.offset++;
        return undefined;
      }
      if (character === undefined) return this.expected("the closing quote of a string");
      if (character !== "\\") return this.expected("no raw control character inside a string");
      if (!this.skip(ESCAPE)) return this.expected('a valid escape after "\\"');
    }
  }

  private skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.offset;
    const matched = pattern.exec(this.text)?.[0] ?? "";
    this.offset += matched.length;
    return matched !== "";
  }

  private expected(what: string): Failure {
    const found = this.text[this.offset];
    return {
      offset: this.offset,
      reason: `expected ${what}, got ${found === undefined ? "the end of the text" : JSON.stringify(found)}`,
    };
  }
}
