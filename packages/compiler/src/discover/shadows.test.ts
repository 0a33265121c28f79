import assert from "node:assert/strict";
import { test } from "node:test";
import { readFileFacts } from "./read-file-facts.ts";

const header = 'import { site } from "~tenon/clients";\n';

/** Body -> endpoints of `site` that the file calls. */
const cases: readonly [body: string, called: readonly string[]][] = [
  ["site.get();", ["get"]],
  ["function check(site: Site) { site.url; }", []],
  ["const check = ({ site }: Event) => site.url;", []],
  ["const check = ({ id: site }: Event) => site.url;", []],
  ["const check = ({ site: id }: Event) => site.get(id);", ["get"]],
  ["const check = ([, site = 1]: number[]) => site.url;", []],
  ["const check = (...site: string[]) => site.length;", []],
  ["function check() { const site = load(); return site.url; }", []],
  ["function check() { for (const site of sites) site.url; site.list(); }", ["list"]],
  ["function check() { if (a) { var site = 1; } site.url; }", []],
  ["function check() { { let site = 1; site.url; } site.list(); }", ["list"]],
  ["function check() { try { site.list(); } catch (site) { site.message; } }", ["list"]],
  ["function check() { return site.url; function site() {} }", []],
  ["const check = function site() { site.url; };", []],
  ["class Check { constructor(private site: Site) { site.url; } run() { site.get(this.site.id); } }", ["get"]],
  ["sites.map((site) => site.url); site.get();", ["get"]],
];

for (const [body, called] of cases) {
  test(`${called.join() || "nothing"} is called by: ${body}`, () => {
    const { declarations, syntaxErrors } = readFileFacts("/app/x.ts", header + body);
    assert.deepEqual(syntaxErrors, []);
    assert.deepEqual(
      declarations.map((declaration) => (declaration.kind === "client-use" ? declaration.endpoint : declaration.kind)),
      called,
    );
  });
}

test("what is declared is what is imported, not what has its name", () => {
  const source =
    'import { secret } from "tenon/config";\nfunction f(secret: (name: string) => string) { secret("no"); }\nsecret("Yes");\n';
  assert.equal(readFileFacts("/app/x.ts", source).declarations.length, 1);
});
