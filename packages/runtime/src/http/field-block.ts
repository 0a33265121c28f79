// The fields of a head: its text and where in it names and values stand. Values are cut out only when they are asked for.
import type { RequestHeaders } from "../call/exchange.ts";
import { TOKEN } from "./field-rules.ts";

/** Of these the first counts when they are repeated, as in `message.headers` of node:http. */
const SINGLE: ReadonlySet<string> = new Set([
  "age",
  "authorization",
  "content-length",
  "content-type",
  "etag",
  "expires",
  "from",
  "host",
  "if-modified-since",
  "if-unmodified-since",
  "last-modified",
  "location",
  "max-forwards",
  "proxy-authorization",
  "referer",
  "retry-after",
  "server",
  "user-agent",
]);

export class FieldBlock {
  protected readonly head: string;
  /** Four offsets into `head` per field: start and end of the name, start and end of the value. */
  protected readonly fields: readonly number[];
  private collected: RequestHeaders | undefined;

  constructor(head: string, fields: readonly number[]) {
    this.head = head;
    this.fields = fields;
    this.collected = undefined;
  }

  /** By its lower-case name; a repeated one as a single list, cookies joined with "; ". */
  // hot: guarded by bench/hello
  header(name: string): string | undefined {
    const { head, fields } = this;
    const length = name.length;
    let value: string | undefined;
    for (let index = 0; index < fields.length; index += 4) {
      const start = fields[index]!;
      if (fields[index + 1]! - start !== length || !isNameAt(head, start, name)) continue;
      const next = head.slice(fields[index + 2]!, fields[index + 3]!);
      if (value === undefined) value = next;
      else if (!SINGLE.has(name)) value += (name === "cookie" ? "; " : ", ") + next;
    }
    return value;
  }

  /** As `message.headers` of node:http has them, in an object without a prototype. */
  get headers(): RequestHeaders {
    this.collected ??= this.collect();
    return this.collected;
  }

  private collect(): RequestHeaders {
    const { head, fields } = this;
    const headers = Object.create(null) as Record<string, string | string[] | undefined>;
    for (let index = 0; index < fields.length; index += 4) {
      const name = head.slice(fields[index]!, fields[index + 1]!).toLowerCase();
      const value = head.slice(fields[index + 2]!, fields[index + 3]!);
      const before = headers[name];
      if (name === "set-cookie") headers[name] = before === undefined ? [value] : [...before, value];
      else if (before === undefined) headers[name] = value;
      else if (!SINGLE.has(name)) headers[name] = `${before as string}${name === "cookie" ? "; " : ", "}${value}`;
    }
    return headers;
  }
}

/** Whether a name stands in the text, in whatever case; what is behind it is not looked at. */
export function isNameAt(head: string, start: number, lowerCaseName: string): boolean {
  for (let index = 0; index < lowerCaseName.length; index++) {
    if (TOKEN[head.charCodeAt(start + index)] !== lowerCaseName.charCodeAt(index)) return false;
  }
  return true;
}
