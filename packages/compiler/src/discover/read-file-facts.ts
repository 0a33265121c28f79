// One file's text -> what it imports and declares. The only place that parses.
import { createRequire } from "node:module";
import type { parseSync } from "rolldown/utils";
import { canonicalSpecifier } from "../aliases.ts";
import type { Declaration, FileFacts, ImportRecord } from "./declarations.ts";
import { findDeclarations, type ImportedName } from "./find-declarations.ts";
import { findTypeNames } from "./type-names.ts";

const require = createRequire(import.meta.url);

type Parsed = ReturnType<typeof parseSync>;

interface ImportName {
  readonly kind: string;
  readonly name: string | null | undefined;
}

export function languageOf(file: string): "dts" | "tsx" | "ts" {
  return /\.d\.[cm]?ts$/.test(file) ? "dts" : file.endsWith("x") ? "tsx" : "ts";
}

export function readFileFacts(file: string, text: string): FileFacts {
  const lang = languageOf(file);
  const isDeclarationFile = lang === "dts";
  // Required when the first file is parsed: an unchanged app needs no parser.
  const parser = require("rolldown/utils") as { readonly parseSync: typeof parseSync };
  const parsed = parser.parseSync(file, text, { lang, sourceType: "module", preserveParens: false });
  const syntaxErrors = parsed.errors
    .filter((error) => error.severity === "Error")
    .map((error) => ({
      start: error.labels[0]?.start ?? 0,
      end: error.labels[0]?.end ?? 0,
      message: error.message,
    }));
  const isAmbient =
    (isDeclarationFile && !parsed.module.hasModuleSyntax) || /\bdeclare\s+(?:global\b|module\s*["'])/.test(text);
  const nothing = { declarations: [], factories: [], factoryUses: [] };
  if (syntaxErrors.length > 0) return { ...nothing, imports: [], syntaxErrors, isAmbient };
  if (isDeclarationFile) {
    return { ...nothing, imports: importsOf(parsed, text, null, null), syntaxErrors, isAmbient };
  }
  const found = findDeclarations(parsed.program, { ...importedNames(parsed), exportNames: exportNamesOf(parsed) });
  const typeNames = typeNamesOf(parsed, found.declarations);
  const { declarations, factories, factoryUses, usedNames } = found;
  const imports = importsOf(parsed, text, usedNames, typeNames);
  return { imports, declarations, factories, factoryUses, syntaxErrors, isAmbient };
}

/** null: any name can count, as what is declared inside of a function takes its options from there. */
function typeNamesOf(parsed: Parsed, declarations: readonly Declaration[]): ReadonlySet<string> | null {
  const { names, bodies } = findTypeNames(parsed.program);
  const isHidden = declarations.some(
    ({ kind, call }) =>
      kind !== "client-use" && bodies.some(({ start, end }) => start <= call.start && call.end <= end),
  );
  return isHidden ? null : names;
}

/** `usedNames`: local names with a use at run time; null: nothing is. `typeNames`: those that can shape types; null: all. */
function importsOf(
  parsed: Parsed,
  text: string,
  usedNames: ReadonlySet<string> | null,
  typeNames: ReadonlySet<string> | null,
): ImportRecord[] {
  const imports: ImportRecord[] = [];
  for (const { moduleRequest, entries } of parsed.module.staticImports) {
    const { value: specifier, start, end } = moduleRequest;
    const isValue =
      usedNames !== null &&
      (entries.length === 0
        ? !/^import\s+type\b/.test(text.slice(0, start).slice(text.lastIndexOf("import", start)))
        : entries.some((entry) => !entry.isType && usedNames.has(entry.localName.value)));
    const isType =
      typeNames === null || entries.length === 0 || entries.some(({ localName }) => typeNames.has(localName.value));
    imports.push({ specifier, isValue, isType, names: namesOf(entries), start, end });
  }
  for (const { entries } of parsed.module.staticExports) {
    for (const entry of entries) {
      if (entry.moduleRequest === null) continue;
      const { value: specifier, start, end } = entry.moduleRequest;
      const isValue = usedNames !== null && !entry.isType;
      imports.push({ specifier, isValue, isType: true, names: namesOf([entry]), start, end });
    }
  }
  for (const { moduleRequest } of parsed.module.dynamicImports) {
    const { start, end } = moduleRequest;
    const match = /^["'`]([^"'`$]+)["'`]$/.exec(text.slice(start, end));
    if (match !== null) imports.push({ specifier: match[1]!, isValue: true, isType: true, names: null, start, end });
  }
  // Import types are no imports to the parser, but types come through them all the same.
  for (const match of text.matchAll(/\bimport\(\s*(["'])([^"'\n]+)\1\s*[,)]/g)) {
    const { index: start } = match;
    const isCovered = ({ specifier, isType, names }: ImportRecord) =>
      specifier === match[2] && isType && names === null;
    if (imports.some(isCovered)) continue;
    const end = start + match[0].length;
    imports.push({ specifier: match[2]!, isValue: false, isType: true, names: null, start, end });
  }
  return imports;
}

/** null: everything, by `*`. */
function namesOf(entries: readonly { readonly importName: ImportName }[]): string[] | null {
  const names = entries.map(({ importName }) => (importName.kind === "Default" ? "default" : importName.name));
  return names.some((name) => name == null) ? null : (names as string[]);
}

function importedNames(parsed: Parsed) {
  const names = new Map<string, ImportedName>();
  const foreignNames = new Map<string, { specifier: string; name: string }>();
  for (const { moduleRequest, entries } of parsed.module.staticImports) {
    const module = canonicalSpecifier(moduleRequest.value);
    for (const { importName, localName, isType } of entries) {
      if (isType) continue;
      const name = importName.kind === "Name" ? importName.name : importName.kind === "Default" ? "default" : "*";
      if (name === null || name === undefined) continue;
      if (module === null) foreignNames.set(localName.value, { specifier: moduleRequest.value, name });
      else names.set(localName.value, { module, name });
    }
  }
  return { names, foreignNames };
}

/** Local name -> the name it is exported under, where there are several not "default". */
function exportNamesOf(parsed: Parsed): Map<string, string> {
  const exportNames = new Map<string, string>();
  for (const { entries } of parsed.module.staticExports) {
    for (const { localName, exportName, moduleRequest } of entries) {
      if (moduleRequest !== null || localName.name === null) continue;
      const name = exportName.kind === "Default" ? "default" : exportName.name;
      if (name !== null && !(exportNames.has(localName.name) && name === "default"))
        exportNames.set(localName.name, name);
    }
  }
  return exportNames;
}
