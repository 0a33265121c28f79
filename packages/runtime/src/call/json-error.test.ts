import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { locateJsonError } from "./json-error.ts";

describe("locateJsonError", () => {
  const cases: readonly [text: string, reason: string, line: number, column: number][] = [
    ["", "expected a value, got the end of the text", 1, 1],
    ["{", "expected a property name in double quotes, got the end of the text", 1, 2],
    ['{"a":}', 'expected a value, got "}"', 1, 6],
    ['{"a" 1}', 'expected ":" after the property name, got "1"', 1, 6],
    ['{\n  "a": 1,\n  b: 2\n}', 'expected a property name in double quotes, got "b"', 3, 3],
    ['{"a":1,}', 'expected a property name in double quotes, got "}"', 1, 8],
    ["[1,]", 'expected a value, got "]"', 1, 4],
    ["[1 2]", 'expected "," or "]", got "2"', 1, 4],
    ['{"a":1 "b"}', 'expected "," or "}", got "\\""', 1, 8],
    ['"abc', "expected the closing quote of a string, got the end of the text", 1, 5],
    ['"a\\x"', 'expected a valid escape after "\\", got "\\\\"', 1, 3],
    ['"a\nb"', 'expected no raw control character inside a string, got "\\n"', 1, 3],
    ["01", 'expected the end of the text, got "1"', 1, 2],
    ["1 2", 'expected the end of the text, got "2"', 1, 3],
    ["'a'", 'expected a value, got "\'"', 1, 1],
    ["nul", 'expected a value, got "n"', 1, 1],
    ["{}}", 'expected the end of the text, got "}"', 1, 3],
    ["-", 'expected a value, got "-"', 1, 1],
  ];
  for (const [text, reason, line, column] of cases) {
    it(`${JSON.stringify(text)}: ${reason} at ${line}:${column}`, () => {
      assert.deepEqual(locateJsonError(text), { reason, line, column });
    });
  }

  it("survives a million open brackets", () => {
    assert.equal(locateJsonError("[".repeat(1_000_000))?.column, 1_000_001);
  });

  it("finds an error exactly where JSON.parse finds one", () => {
    const alphabet = [
      '"',
      "\\",
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      " ",
      "\n",
      "1",
      "-",
      ".",
      "e",
      "a",
      "u",
      "true",
      "null",
      '"k":',
      "é",
    ];
    const seeds = ['{"a":[1,2,{"b":null}],"c":"d\\n"}', '[true,false,-1.5e+3,"\\u00e9"]', ' {"x" : { } , "y":[ ] } '];
    let state = 7;
    const random = (below: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 8) % below;
    };
    let valid = 0;
    for (let round = 0; round < 20_000; round++) {
      let text = seeds[random(seeds.length)]!;
      for (let edits = random(3); edits > 0; edits--) {
        const at = random(text.length + 1);
        text = text.slice(0, at) + alphabet[random(alphabet.length)]! + text.slice(at + random(2));
      }
      const isValid = isJson(text);
      assert.equal(locateJsonError(text) === undefined, isValid, JSON.stringify(text));
      if (isValid) valid++;
    }
    assert.ok(valid > 2_000 && valid < 18_000, `${valid} of 20000 were valid`);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
