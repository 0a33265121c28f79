// The order of listings and how a delimiter folds them, beside the plain way of doing it.
import assert from "node:assert/strict";
import { it } from "node:test";
import { compareNames, foldNames } from "./object-order.ts";
import { random } from "./seeded-random.test.support.ts";

it("names are in the order of their bytes", () => {
  // U+FF5E is before U+1F600 in UTF-8; the halves of the latter are smaller numbers in UTF-16.
  assert.deepEqual(["\u{1f600}", "～", "b", "a/", "a"].sort(compareNames), ["a", "a/", "b", "～", "\u{1f600}"]);
});

it("every name is in the listing, by itself or in a prefix, and pages of any size make up the whole", () => {
  const next = random(5);
  for (let round = 0; round < 300; round++) {
    const letters = ["a", "b", "/", "/", "ü"];
    const name = () => Array.from({ length: 1 + next(5) }, () => letters[next(letters.length)]).join("");
    const names = [...new Set(Array.from({ length: next(20) }, name))].sort(compareNames);
    const prefix = ["", "a", "a/"][next(3)]!;
    const entries = names.filter((one) => one.startsWith(prefix)).map((one) => ({ name: one, size: 0, etag: "" }));
    const textOf = (entry: { name: string } | { prefix: string }) => ("prefix" in entry ? entry.prefix : entry.name);
    const all = [...foldNames(entries, { prefix, delimiter: "/", startAfter: undefined })].map(textOf);
    const expected = new Set(
      entries.map((entry) => {
        const end = entry.name.indexOf("/", prefix.length);
        return end === -1 ? entry.name : entry.name.slice(0, end + 1);
      }),
    );
    assert.deepEqual(all, [...expected]);
    const pages: string[] = [];
    for (let startAfter: string | undefined; ; ) {
      const page = [...foldNames(entries, { prefix, delimiter: "/", startAfter })].slice(0, 1 + next(3)).map(textOf);
      if (page.length === 0) break;
      pages.push(...page);
      startAfter = page.at(-1);
    }
    assert.deepEqual(pages, all);
  }
});
