// How long an editor waits for the endpoints of a client to choose from: `completion-sample.mjs <app>`, with the language service that
// editors run. Prints `{ firstMs, ms, entries }`: the first time with everything to be read, and after an edit.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript-classic";

const [appDir] = process.argv.slice(2);
const file = join(appDir, "consumer-one.ts");
const original = readFileSync(file, "utf8");
const client = /import \{ (\w+) \}/.exec(original)[1];
const texts = new Map([[file, { version: 0, text: original }]]);

const { config } = ts.readConfigFile(join(appDir, "tsconfig.json"), ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, appDir);
const host = {
  getCompilationSettings: () => options,
  getScriptFileNames: () => [file],
  getScriptVersion: (name) => String(texts.get(name)?.version ?? 0),
  getScriptSnapshot(name) {
    const text = texts.get(name)?.text ?? ts.sys.readFile(name);
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
  },
  getCurrentDirectory: () => appDir,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: ts.sys.fileExists,
  readFile: ts.sys.readFile,
  readDirectory: ts.sys.readDirectory,
  directoryExists: ts.sys.directoryExists,
  getDirectories: ts.sys.getDirectories,
};
const service = ts.createLanguageService(host, ts.createDocumentRegistry());

function complete(typed) {
  const text = `${original}\n${typed}`;
  texts.set(file, { version: texts.get(file).version + 1, text });
  const startedAt = performance.now();
  const entries = service.getCompletionsAtPosition(file, text.length, undefined)?.entries ?? [];
  return { ms: performance.now() - startedAt, entries: entries.length };
}

const first = complete(`${client}.`);
const second = complete(`const again = 1;\n${client}.`);
if (second.entries === 0) throw new Error(`nothing to choose from after "${client}."`);
console.log(JSON.stringify({ firstMs: first.ms, ms: second.ms, entries: second.entries }));
