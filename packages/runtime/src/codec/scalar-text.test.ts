// Scalars in text: strict grammars, checked against other definitions of the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bigintFromText, bytesFromText, dateFromText, isWritableTime, numberFromText } from "./scalar-text.ts";

test("a number is what JSON says is one, and finite", () => {
  const characters = ["", "0", "1", "9", "-", "+", ".", "e", "E", "x", " ", "_", "n"];
  let count = 0;
  const check = (text: string) => {
    let expected: unknown;
    try {
      expected = text.trim() === text ? JSON.parse(text) : undefined;
    } catch {
      expected = undefined;
    }
    assert.equal(numberFromText(text), typeof expected === "number" ? expected + 0 : undefined, JSON.stringify(text));
    count++;
  };
  for (const a of characters) {
    for (const b of characters) for (const c of characters) for (const d of characters) check(a + b + c + d);
  }
  assert.equal(count, 28_561);
  assert.equal(numberFromText("1e999"), undefined);
});

test("every day of eight centuries is a date exactly when the calendar has it", () => {
  for (const year of [0, 4, 100, 400, 1900, 1999, 2000, 2023, 2024, 2100, 9999]) {
    for (let month = 0; month <= 13; month++) {
      for (let day = 0; day <= 32; day++) {
        const text = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}T12:00:00Z`;
        const date = new Date(0);
        date.setUTCFullYear(year, month - 1, day);
        date.setUTCHours(12);
        const exists = date.toISOString() === text.replace("Z", ".000Z");
        assert.equal(dateFromText(text)?.getTime(), exists ? date.getTime() : undefined, text);
      }
    }
  }
});

test("what a Date writes can be read back, at both ends", () => {
  for (const time of [-62167219200000, 253402300799999]) {
    assert.ok(isWritableTime(time));
    assert.equal(dateFromText(new Date(time).toISOString())?.getTime(), time);
    assert.equal(dateFromText(new Date(time + Math.sign(time)).toISOString()), undefined);
  }
});

test("bytes of every length survive each way of writing base64", () => {
  for (let length = 0; length < 70; length++) {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 37 + length) & 255);
    const standard = Buffer.from(bytes).toString("base64");
    const url = Buffer.from(bytes).toString("base64url");
    for (const text of [standard, url, standard.replace(/=+$/, "")]) assert.deepStrictEqual(bytesFromText(text), bytes);
    assert.equal(bytesFromText(`${standard}=`), undefined);
    if (length > 0) assert.equal(bytesFromText(` ${standard}`), undefined);
  }
});

test("bigints have one way to be written", () => {
  assert.equal(bigintFromText("-120"), -120n);
  for (const text of ["", "-", "-0", "00", "+1", "1n", " 1", "0x1", "1e3", "9".repeat(4097)])
    assert.equal(bigintFromText(text), undefined);
});
