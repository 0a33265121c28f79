// The sum of two decimal numbers without the errors of binary fractions: Redis counts with more digits than a double has.

const digits = 17;

/** null: one of them is no number. At most 17 digits after the point, without zeros at the end. */
export function decimalSum(a: string, b: string): string | null {
  const left = scaled(a);
  const right = scaled(b);
  if (left === null || right === null) return null;
  const sum = left + right;
  const text = (sum < 0n ? -sum : sum).toString().padStart(digits + 1, "0");
  const fraction = text.slice(-digits).replace(/0+$/, "");
  return `${sum < 0n ? "-" : ""}${text.slice(0, -digits)}${fraction === "" ? "" : `.${fraction}`}`;
}

/** In units of the last digit. */
function scaled(text: string): bigint | null {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,3}))?$/.exec(text);
  if (match === null || `${match[2]}${match[3]}` === "") return null;
  const [, sign, whole, fraction, exponent = "0"] = match as unknown as [string, string, string, string, string?];
  const shift = digits - fraction.length + Number(exponent);
  const all = BigInt(whole + fraction);
  const value = shift >= 0 ? all * 10n ** BigInt(shift) : rounded(all, 10n ** BigInt(-shift));
  return sign === "-" ? -value : value;
}

function rounded(value: bigint, unit: bigint): bigint {
  return (value + unit / 2n) / unit;
}
