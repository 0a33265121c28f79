// The rules of validated types that take more than an operator. Each says whether a value that is of the right kind fulfils one.
import { Decimal } from "./decimal.ts";

/** Characters are Unicode code points: an emoji that is one of them counts once. */
export function hasMinCharacters(text: string, least: number): boolean {
  if (text.length < least) return false;
  // A character takes two units at most.
  return text.length >= 2 * least || countCharacters(text) >= least;
}

export function hasMaxCharacters(text: string, most: number): boolean {
  if (text.length <= most) return true;
  return text.length <= 2 * most && countCharacters(text) <= most;
}

function countCharacters(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    const isPair = unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00;
    if (isPair) index++;
    count++;
  }
  return count;
}

/** In decimals, as the numbers are written: 0.3 is a multiple of 0.1, though not in binary. */
export function isMultipleOf(value: number, step: number): boolean {
  if (Number.isInteger(value) && Number.isInteger(step)) return value % step === 0;
  return isDecimalMultiple(new Decimal(value), new Decimal(step));
}

export function isDecimalMultiple(value: Decimal, step: Decimal): boolean {
  const scale = Math.max(value.scale, step.scale);
  const dividend = value.coefficient * 10n ** BigInt(scale - value.scale);
  return dividend % (step.coefficient * 10n ** BigInt(scale - step.scale)) === 0n;
}

/** No two items that are alike as JSON; the order of an object's fields does not count. */
export function hasUniqueItems(items: readonly unknown[]): boolean {
  const seen = new Set<unknown>();
  for (const item of items) {
    const key = typeof item === "object" && item !== null ? canonicalText(item) : item === 0 ? 0 : item;
    if (seen.has(key)) return false;
    seen.add(key);
  }
  return true;
}

/** Alike for values that are alike on the wire; starts with a character that keeps it apart from strings among the items. */
function canonicalText(value: unknown): string {
  if (typeof value === "bigint") return `"${value}"`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (value instanceof Map) return canonicalText([...value]);
  if (value instanceof Set) return canonicalText([...value]);
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString("base64"));
  if (typeof (value as { toJSON?: unknown }).toJSON === "function") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  const texts = fields.map(([name, field]) => `${JSON.stringify(name)}:${canonicalText(field)}`);
  return `{${texts.sort().join(",")}}`;
}
