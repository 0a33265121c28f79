// Names of metadata as Azure takes them, which are those of variables in C#: what else a name has is written as "_xHH_", its byte in hex.

const ESCAPED = /_x([0-9a-f]{2})_/g;
/** Also what would be taken for such a byte, with what is escaped behind it. */
const TO_ESCAPE = /^[0-9]|[^a-z0-9_]|_(?=x[0-9a-f]{2}(?:_|[^a-z0-9_]))/g;

export function toAzureName(name: string): string {
  return name.replace(TO_ESCAPE, (one) => `_x${one.charCodeAt(0).toString(16).padStart(2, "0")}_`);
}

export function fromAzureName(name: string): string {
  return name.replace(ESCAPED, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
