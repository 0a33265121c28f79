// Exact arithmetic, one way to write each number, and what is no number.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Decimal, decimalFromText } from "./decimal.ts";

const value = (decimal: Decimal) => decimal.value;

test("equal numbers are written alike", () => {
  for (const same of ["1.5", "1.50", "+1.5", "01.5", "15e-1", "0.15e1", 1.5])
    assert.equal(new Decimal(same).value, "1.5");
  for (const zero of ["0", "-0", "0.000", "0e9", 0, -0, 0n]) assert.equal(new Decimal(zero).value, "0");
  assert.equal(new Decimal("-.05").value, "-0.05");
  assert.equal(new Decimal("5.").value, "5");
  assert.equal(new Decimal(1e21).value, "1000000000000000000000");
  assert.equal(new Decimal(5e-7).value, "0.0000005");
  assert.equal(new Decimal(123456789012345678901234567890n).value, "123456789012345678901234567890");
  assert.deepEqual(new Decimal(new Decimal("1.5")), new Decimal("1.50"));
});

test("what is no finite decimal number is refused", () => {
  for (const wrong of [
    "",
    ".",
    "-",
    "1,5",
    "0x10",
    "1e",
    "NaN",
    "Infinity",
    "1 2",
    "1e99999",
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ]) {
    assert.throws(() => new Decimal(wrong), RangeError, String(wrong));
  }
});

test("sums, differences and products are exact", () => {
  assert.equal(value(new Decimal("0.1").add("0.2")), "0.3");
  assert.equal(value(new Decimal("1").sub("0.9")), "0.1");
  assert.equal(value(new Decimal("-1.25").mul("0.4")), "-0.5");
  assert.equal(value(new Decimal("99999999999999999999.99").add(0.01)), "100000000000000000000");
  assert.equal(value(new Decimal(3).mul(10n ** 30n)), `3${"0".repeat(30)}`);
});

test("quotients are exact where they end, else rounded to 34 digits, half to even", () => {
  assert.equal(value(new Decimal(1).div(8)), "0.125");
  assert.equal(value(new Decimal("-7").div("0.07")), "-100");
  assert.equal(value(new Decimal(1).div(3)), `0.${"3".repeat(34)}`);
  assert.equal(value(new Decimal(2).div(3)), `0.${"6".repeat(33)}7`);
  assert.equal(value(new Decimal(2).div(-300)), `-0.00${"6".repeat(33)}7`);
  assert.equal(value(new Decimal(10).div(3)), `3.${"3".repeat(33)}`);
  assert.throws(() => new Decimal(1).div("0.0"), RangeError);
});

test("division agrees with multiplication over many pairs", () => {
  for (let a = -50; a <= 50; a++) {
    for (let b = 1; b <= 50; b++) {
      const back = new Decimal(a).div(b).mul(b).sub(a);
      const error = Math.abs(Number(back.value));
      assert.ok(error < 1e-31, `${a} / ${b} is off by ${error}`);
    }
  }
});

test("compared by value, written as a string in JSON, a number where JavaScript asks for one", () => {
  const price = new Decimal("19.90");
  assert.equal(price.compare("19.9"), 0);
  assert.equal(price.compare(20), -1);
  assert.equal(price.compare(new Decimal("-19.91")), 1);
  assert.ok(price.equals(19.9));
  assert.equal(JSON.stringify({ price }), '{"price":"19.9"}');
  assert.equal(`${price}`, "19.9");
  assert.equal(Number(price), 19.9);
});

test("on the wire there is one form", () => {
  assert.equal(decimalFromText("0.50")?.value, "0.5");
  for (const wrong of ["007", "+1", ".5", "5.", "1e3", " 1", "", "1".repeat(5000)])
    assert.equal(decimalFromText(wrong), undefined, wrong);
});
