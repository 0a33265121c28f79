// Headers of our own requests as text. A name or value that could begin another header, or another request, is refused.

const FIELD_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** RFC 9110, 5.5: one line of visible characters, spaces and tabs, each one byte. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** RFC 9112, 3.2: a target has no spaces, no controls and nothing that is not ASCII. */
const TARGET = /^[\x21-\x7e]+$/;

/** "name: value\r\n". Throws TypeError. */
export function headerLine(name: string, value: string | number): string {
  const text = String(value);
  if (!FIELD_NAME.test(name)) throw new TypeError(`${JSON.stringify(name)} cannot be the name of a header`);
  if (!FIELD_VALUE.test(text)) throw new TypeError(`the header ${name} has a value that cannot be sent`);
  return `${name}: ${text}\r\n`;
}

/** One line for each value. Throws TypeError. */
export function headerLines(
  headers: Readonly<Record<string, string | number | readonly string[] | undefined>>,
): string {
  let lines = "";
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value === undefined) continue;
    if (typeof value === "object") for (const one of value) lines += headerLine(name, one);
    else lines += headerLine(name, value);
  }
  return lines;
}

/** "POST /path HTTP/1.1\r\n". Throws TypeError. */
export function requestLine(method: string, target: string): string {
  if (!FIELD_NAME.test(method)) throw new TypeError(`${JSON.stringify(method)} cannot be a method`);
  if (!TARGET.test(target)) throw new TypeError(`${JSON.stringify(target)} cannot be the target of a request`);
  return `${method} ${target} HTTP/1.1\r\n`;
}
