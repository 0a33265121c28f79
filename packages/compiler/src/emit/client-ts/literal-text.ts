// Plain values as the source of object literals, on one line where they fit.

const lineWidth = 110;

/** `indent`: of the line on which the text begins; `used`: how much of that line is taken already. */
export function literalText(value: unknown, indent = "", used = indent.length): string {
  const line = onOneLine(value);
  if (used + line.length <= lineWidth || typeof value !== "object" || value === null) return line;
  const next = `${indent}  `;
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => `${next}${literalText(item, next)},\n`).join("")}${indent}]`;
  }
  const members = Object.entries(value).map(([name, item]) => {
    const key = propertyKey(name);
    return `${next}${key}: ${literalText(item, next, next.length + key.length + 3)},\n`;
  });
  return `{\n${members.join("")}${indent}}`;
}

function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, item]) => `${propertyKey(name)}: ${onOneLine(item)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/** As a literal's own property; `__proto__` would set the prototype unless it is computed. */
export function propertyKey(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  return isIdentifier(name) ? name : JSON.stringify(name);
}

export function isIdentifier(name: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
}
