import assert from "node:assert/strict";
import { test } from "node:test";
import { readFileFacts } from "./read-file-facts.ts";

/** Whether types of the file's declarations can come from "./a". */
const cases: [source: string, isType: boolean][] = [
  ['import { a } from "./a"; export const f = (x: string): string => a(x);', false],
  ['import { a } from "./a"; export async function f(): Promise<void> { await a(); }', false],
  ['import * as a from "./a"; export class C { m(): void { a.b(); } }', false],
  ['import { a } from "./a"; export const f = (x: string) => a(x);', true],
  ['import { a } from "./a"; export const f = (x: typeof a): string => "";', true],
  ['import type { A } from "./a"; export const f = (): A => null!;', true],
  ['import type { A } from "./a"; export const f = (): void => { const x: A = null!; };', false],
  ['import { a } from "./a"; export const f = (x = a): string => "";', true],
  ['import { a } from "./a"; export const value = a;', true],
  ['import { a } from "./a"; export const f = () => (): string => a;', false],
  ['import { a } from "./a"; const g = (): string => a; export { a };', true],
  ['import { a } from "./a"; export class C { x = a; m(): void {} }', true],
  ['import { a } from "./a"; export type T = import("./a").T; export const f = (): string => a;', true],
  ['import "./a"; export const f = (): string => "";', true],
  ['export { a } from "./a";', true],
  ['export * from "./a";', true],
  ['import { a } from "./a"; import { secret } from "tenon/config"; function f(): void { secret(a); }', true],
];

for (const [source, isType] of cases) {
  test(`${isType ? "types can come" : "no type comes"} from: ${source}`, () => {
    const { imports, syntaxErrors } = readFileFacts("/app/x.ts", source);
    assert.deepEqual(syntaxErrors, []);
    const records = imports.filter(({ specifier }) => specifier === "./a");
    assert.ok(records.length > 0);
    assert.equal(
      records.some((record) => record.isType),
      isType,
    );
  });
}

test("names that are taken from a module are kept, unless it is all of them", () => {
  const names = (source: string) => readFileFacts("/app/x.ts", source).imports.map((record) => record.names);
  assert.deepEqual(names('import { a as b, type C } from "./a";'), [["a", "C"]]);
  assert.deepEqual(names('import d from "./a";'), [["default"]]);
  assert.deepEqual(names('import * as all from "./a";'), [null]);
  assert.deepEqual(names('export { x as y } from "./a";'), [["x"]]);
  assert.deepEqual(names('export * from "./a";'), [null]);
});
