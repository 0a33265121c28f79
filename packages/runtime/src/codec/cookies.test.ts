// Cookies there and back: any text survives, whatever a browser's cookie jar makes of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCookies, takeCookie } from "./cookies.ts";

function written(value: unknown): string {
  const cookies: string[] = [];
  takeCookie({ c: { value } }, "c", cookies, "c");
  return cookies[0]!;
}

test("any text comes back as it was set, in characters that a cookie may hold", () => {
  for (const value of [
    "",
    "plain",
    "a b",
    "a;b,c",
    'say "hi"',
    "100%",
    "%41",
    "äö😀",
    "a=b=c",
    "\\",
    "\t\r\n",
    "eyJh.bGci-_",
    "true",
  ]) {
    const header = written(value);
    assert.match(header, /^c=[!#$%&'()*+\-./\w:<=>?@[\]^`{|}~]*$/, value);
    assert.equal(parseCookies(header).get("c"), value);
  }
});

test("plain values are not touched, as others read them too", () => {
  assert.equal(written("eyJhbGciOiJIUzI1NiJ9.e30.x-_"), "c=eyJhbGciOiJIUzI1NiJ9.e30.x-_");
});

test("a request's cookies: quotes, spaces, several, repeated, broken ones", () => {
  const cookies = parseCookies('a=1; b="two words" ;a=2;nonsense; =x; c=%zz; d=x=y;;__proto__=p');
  assert.deepEqual(
    [...cookies],
    [
      ["a", "1"],
      ["b", "two words"],
      ["", "x"],
      ["c", "%zz"],
      ["d", "x=y"],
      ["__proto__", "p"],
    ],
  );
  assert.equal(parseCookies(undefined).size, 0);
});
