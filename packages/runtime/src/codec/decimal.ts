// Decimal numbers with exact arithmetic, for money and the like: a whole coefficient and a count of digits behind the point. On the
// wire and in JSON a string. Refuses what is no decimal number; never rounds, except where a quotient has no end.

declare const tenonDecimal: unique symbol;

/** What can be taken for a Decimal. */
export type ToDecimal = Decimal | string | number | bigint;

/** Digits that a quotient without end is rounded to (half to even), as IEEE 754 decimal128 has. */
const quotientDigits = 34;

/** Reading digits takes time quadratic in their number; the same bound as for a bigint. */
const maxDigits = 4096;

const decimalText = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,5}))?$/;

interface Parts {
  readonly coefficient: bigint;
  readonly scale: number;
}

/** Immutable. Equal numbers are written alike: `new Decimal("1.50").value` is "1.5". */
export class Decimal {
  /** Tells the compiler what this is; no value has it. */
  declare readonly [tenonDecimal]: true;
  /** The number is `coefficient` divided by 10 to the power of `scale`. */
  readonly coefficient: bigint;
  /** How many of the coefficient's digits stand behind the point; never negative, and no 0 at the end of them. */
  readonly scale: number;

  /** Throws a RangeError for text that is no finite decimal number, and for NaN and the infinities. */
  constructor(value: ToDecimal) {
    const { coefficient, scale } = typeof value === "object" ? trimmed(value) : parse(value);
    this.coefficient = coefficient;
    this.scale = scale;
  }

  /** Without exponent, without zeros that say nothing. */
  get value(): string {
    const negative = this.coefficient < 0n;
    const digits = String(negative ? -this.coefficient : this.coefficient).padStart(this.scale + 1, "0");
    const point = digits.length - this.scale;
    const text = this.scale === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
    return negative ? `-${text}` : text;
  }

  add(other: ToDecimal): Decimal {
    const [a, b, scale] = aligned(this, other);
    return fromParts(a + b, scale);
  }

  sub(other: ToDecimal): Decimal {
    const [a, b, scale] = aligned(this, other);
    return fromParts(a - b, scale);
  }

  mul(other: ToDecimal): Decimal {
    const factor = toDecimal(other);
    return fromParts(this.coefficient * factor.coefficient, this.scale + factor.scale);
  }

  /** Exact where the quotient ends within 34 significant digits, else rounded to as many, half to even. Throws a RangeError for 0. */
  div(other: ToDecimal): Decimal {
    const [a, b] = aligned(this, other);
    if (b === 0n) throw new RangeError("a Decimal cannot be divided by 0");
    return divide(a, b);
  }

  /** Negative, 0 or positive: the order of the two. */
  compare(other: ToDecimal): -1 | 0 | 1 {
    const [a, b] = aligned(this, other);
    return a < b ? -1 : a > b ? 1 : 0;
  }

  equals(other: ToDecimal): boolean {
    return this.compare(other) === 0;
  }

  toJSON(): string {
    return this.value;
  }

  toString(): string {
    return this.value;
  }

  [Symbol.toPrimitive](hint: string): string | number {
    return hint === "number" ? Number(this.value) : this.value;
  }
}

function toDecimal(value: ToDecimal): Decimal {
  return value instanceof Decimal ? value : new Decimal(value);
}

function parse(value: string | number | bigint): Parts {
  if (typeof value === "bigint") return { coefficient: value, scale: 0 };
  const parts = partsFromText(String(value).trim());
  if (parts === undefined) throw new RangeError(`not a decimal number: ${JSON.stringify(String(value).slice(0, 50))}`);
  return parts;
}

function partsFromText(text: string): Parts | undefined {
  const match = decimalText.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const digits = whole + fraction;
  const shift = fraction.length - Number(exponent);
  if (digits === "" || digits.length + Math.abs(shift) > maxDigits) return undefined;
  const coefficient = BigInt(digits) * (sign === "-" ? -1n : 1n);
  return shift < 0
    ? { coefficient: coefficient * 10n ** BigInt(-shift), scale: 0 }
    : trimmed({ coefficient, scale: shift });
}

const wireText = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/** As it travels: digits and a point, without exponent or leading zeros, so that "007" stays text where both are allowed. */
export function decimalFromText(text: string): Decimal | undefined {
  return text.length <= maxDigits && wireText.test(text) ? new Decimal(text) : undefined;
}

function trimmed({ coefficient, scale }: Parts): Parts {
  let rest = coefficient;
  let left = scale;
  while (left > 0 && rest % 10n === 0n) {
    rest /= 10n;
    left--;
  }
  return { coefficient: rest, scale: left };
}

function fromParts(coefficient: bigint, scale: number): Decimal {
  // The constructor only looks at the two.
  return new Decimal({ coefficient, scale } as Decimal);
}

/** Both with the same digits behind the point. */
function aligned(first: ToDecimal, second: ToDecimal): [bigint, bigint, number] {
  const a = toDecimal(first);
  const b = toDecimal(second);
  const scale = Math.max(a.scale, b.scale);
  return [a.coefficient * 10n ** BigInt(scale - a.scale), b.coefficient * 10n ** BigInt(scale - b.scale), scale];
}

function divide(a: bigint, b: bigint): Decimal {
  const negative = a < 0n !== b < 0n;
  const dividend = a < 0n ? -a : a;
  const divisor = b < 0n ? -b : b;
  // Digits before the point count as well; a quotient below 1 has leading zeros that do not.
  const digitsBefore = String(dividend).length - String(divisor).length;
  const scale = Math.max(0, quotientDigits - digitsBefore);
  const scaled = dividend * 10n ** BigInt(scale);
  let quotient = scaled / divisor;
  const remainder = scaled % divisor;
  if (remainder !== 0n) {
    // One digit too many at most, so the last one is rounded away together with the remainder.
    const surplus = BigInt(10) ** BigInt(Math.max(0, String(quotient).length - quotientDigits));
    quotient = roundHalfEven(quotient * divisor + remainder, divisor * surplus) * surplus;
  }
  return fromParts(negative ? -quotient : quotient, scale);
}

function roundHalfEven(numerator: bigint, denominator: bigint): bigint {
  const floor = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  if (twice < denominator) return floor;
  if (twice > denominator) return floor + 1n;
  return floor % 2n === 0n ? floor : floor + 1n;
}
