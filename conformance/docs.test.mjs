// Every code block of the documentation: TypeScript type-checks against the real packages, a real app's clients and its generated client;
// JSON parses; command lines name verbs and options that exist.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { parseArgs } from "node:util";
import ts from "typescript-classic";
import { copyApp } from "./harness/app-copy.mjs";
import { blocksOf, docPages, textOf } from "./harness/doc-blocks.mjs";
import { root, runTenon, runTypeScript } from "./harness/tenon.mjs";

const { loadCommands } = await import(join(root, "packages/tenon/dist/commands/registry.js"));
const commands = await loadCommands();

describe("the documentation", () => {
  let blocks;
  before(async () => {
    const pages = await docPages(root);
    blocks = (await Promise.all(pages.map((page) => blocksOf(root, page)))).flat();
  });
  const inLanguage = (...languages) => blocks.filter(({ language }) => languages.includes(language));

  test("blocks are in a language that is looked at", () => {
    const known = new Set(["", "ts", "js", "json", "sh"]);
    const others = blocks.filter(({ language }) => !known.has(language));
    assert.deepEqual(others, []);
    assert.ok(inLanguage("ts").length > 40);
  });

  test("TypeScript blocks type-check", async (t) => {
    const copy = await copyApp("conformance/apps/docs");
    t.after(() => copy.remove());
    const client = join(copy.dir, "pages/generated-clients/client.ts");
    const generated = await runTenon(["gen", "client", copy.dir, "-o", client]);
    assert.equal(generated.code, 0, generated.stdout + generated.stderr);
    const checked = await runTenon(["check", copy.dir]);
    assert.equal(checked.code, 0, checked.stdout + checked.stderr);
    for (const block of inLanguage("ts", "js")) {
      const folder = join(copy.dir, "pages", folderOf(block.page));
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, `line-${block.line}.${block.language}`), textOf(block));
    }
    const { code, stdout } = await runTypeScript("native", copy.dir);
    assert.equal(code, 0, stdout);
  });

  test("JSON blocks parse", () => {
    for (const block of inLanguage("json")) {
      const { error } = ts.parseConfigFileTextToJson(block.page, textOf(block));
      assert.equal(error, undefined, `${block.page}:${block.line}: ${error?.messageText}`);
    }
  });

  test("command lines name what there is", () => {
    const lines = inLanguage("sh").flatMap(({ page, lines }) =>
      [...lines].map(([line, text]) => ({ at: `${page}:${line}`, text })),
    );
    const calls = lines.flatMap(({ at, text }) => tenonCalls(text).map((args) => ({ at, args })));
    assert.ok(calls.length > 5);
    for (const { at, args } of calls) {
      const command = commands.find(({ name }) => name === args[0]);
      assert.ok(command, `${at}: there is no command ${args[0]}`);
      const options = { ...command.options, help: { type: "boolean" } };
      const { positionals } = readArgs(at, args.slice(1), options);
      assert.ok(positionals.length <= command.positionals.length, `${at}: too many arguments`);
    }
  });
});

/** "docs/reference/auth.md" -> "auth"; READMEs and guides have folders of their own. */
function folderOf(page) {
  return page
    .replace(/\.md$/, "")
    .replace(/^docs\/reference\//, "")
    .replaceAll("/", "-");
}

/** The arguments of each `tenon` in a command line. */
function tenonCalls(text) {
  const commandLine = text.replace(/(^|\s)#.*$/, "");
  const calls = commandLine.split(/&&|\|/).map((call) => call.replace(/>.*$/, "").trim().split(/\s+/));
  return calls
    .map((words) => (words[0] === "npx" ? words.slice(1) : words))
    .filter((words) => words[0] === "tenon")
    .map((words) => words.slice(1));
}

function readArgs(at, args, options) {
  const plain = Object.entries(options).map(([name, { type, short }]) => [
    name,
    short === undefined ? { type } : { type, short },
  ]);
  try {
    return parseArgs({ args, options: Object.fromEntries(plain), allowPositionals: true });
  } catch (error) {
    throw new Error(`${at}: ${error.message}`);
  }
}
