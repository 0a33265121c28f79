// Writing names and values from a user's program into JavaScript text, so that no name can end a string, a comment or a script.

const plain = /^[\w $.,:-]*$/;

/** A JavaScript (and JSON) literal. */
export function quote(value: string | number | boolean): string {
  // Most are plain names, of which an app has tens of thousands.
  if (typeof value === "string" && plain.test(value)) return `"${value}"`;
  return JSON.stringify(value).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029").replaceAll("</", "<\\/");
}

const identifier = /^[A-Za-z_$][\w$]*$/;

export function isIdentifier(name: string): boolean {
  return identifier.test(name);
}

/** `value.name` or `value["a-b"]`. */
export function access(object: string, name: string): string {
  return isIdentifier(name) ? `${object}.${name}` : `${object}[${quote(name)}]`;
}

/** `name: value` within an object literal; `__proto__` would set the prototype unless computed. */
export function member(name: string, value: string): string {
  if (name === "__proto__") return `["__proto__"]: ${value}`;
  if (!isIdentifier(name)) return `${quote(name)}: ${value}`;
  return name === value ? name : `${name}: ${value}`;
}

/** How a property is written at the start of an issue's path; the same as `pathSegment` of the runtime. */
export function pathSegment(name: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : `[${JSON.stringify(name)}]`;
}

/** Text for one line of comment. */
export function comment(text: string): string {
  return `// ${text.replace(/[\r\n\u2028\u2029]+/g, " ").replaceAll("</", "<\\/")}`;
}

export function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
