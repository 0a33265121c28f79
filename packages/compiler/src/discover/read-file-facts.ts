// One file's text -> what it imports and declares. The only place that parses.
import { createRequire } from "node:module";
import type { parseSync } from "rolldown/utils";
import { canonicalSpecifier } from "../aliases.ts";
import type { CallSite } from "./call-site.ts";
import { clientsModule, findClientUse, memberName } from "./client-use.ts";
import type { Binding, Declaration, FileFacts, ImportRecord } from "./declarations.ts";
import { finderFor } from "./registry.ts";
import { bareExpression, type NodeOf, type SyntaxNode, walkRuntime } from "./syntax.ts";
import { findTopicUse } from "./topic-use.ts";
import { findTypeNames } from "./type-names.ts";

const require = createRequire(import.meta.url);

type Parsed = ReturnType<typeof parseSync>;

interface ImportName {
  readonly kind: string;
  readonly name: string | null | undefined;
}

/** What a local name stands for: an export of one of our modules, or the whole module ("*"). */
interface ImportedName {
  readonly module: string;
  readonly name: string;
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
  if (syntaxErrors.length > 0) return { imports: [], declarations: [], syntaxErrors, isAmbient };
  if (isDeclarationFile) {
    return { imports: importsOf(parsed, text, null, null), declarations: [], syntaxErrors, isAmbient };
  }
  const names = importedNames(parsed);
  const usedNames = new Set<string>();
  const declarations = declarationsOf(parsed, names, usedNames);
  const typeNames = typeNamesOf(parsed, declarations);
  return { imports: importsOf(parsed, text, usedNames, typeNames), declarations, syntaxErrors, isAmbient };
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

function importedNames(parsed: Parsed): Map<string, ImportedName> {
  const names = new Map<string, ImportedName>();
  for (const { moduleRequest, entries } of parsed.module.staticImports) {
    const module = canonicalSpecifier(moduleRequest.value);
    if (module === null) continue;
    for (const { importName, localName, isType } of entries) {
      if (isType) continue;
      const name = importName.kind === "Name" ? importName.name : importName.kind === "Default" ? "default" : "*";
      if (name !== null && name !== undefined) names.set(localName.value, { module, name });
    }
  }
  return names;
}

function declarationsOf(
  parsed: Parsed,
  names: ReadonlyMap<string, ImportedName>,
  usedNames: Set<string>,
): Declaration[] {
  const found: Declaration[] = [];
  const exportNames = new Map<string, string>();
  for (const { entries } of parsed.module.staticExports) {
    for (const { localName, exportName, moduleRequest } of entries) {
      if (moduleRequest !== null || localName.name === null) continue;
      const name = exportName.kind === "Default" ? "default" : exportName.name;
      if (name !== null && !(exportNames.has(localName.name) && name === "default"))
        exportNames.set(localName.name, name);
    }
  }
  const bindings = new Map<SyntaxNode, Binding>();
  const defaultExports = new Set<SyntaxNode>();
  for (const statement of parsed.program.body) {
    if (statement.type === "ExportDefaultDeclaration") defaultExports.add(bareExpression(statement.declaration));
    const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (declaration?.type !== "VariableDeclaration") continue;
    for (const { id, init } of declaration.declarations) {
      if (id.type !== "Identifier" || init === null) continue;
      const { name, start } = id;
      const binding = { name, exportName: exportNames.get(name) ?? null, start, end: start + name.length };
      bindings.set(bareExpression(init), binding);
    }
  }
  walkRuntime(parsed.program, (node, parent, key) => {
    if (node.type === "Identifier" && isReference(node, parent, key)) {
      usedNames.add(node.name);
      found.push(...clientUses(node, parent, names));
    }
    if (node.type !== "CallExpression" && node.type !== "NewExpression") return;
    const topicUse = findTopicUse(node);
    if (topicUse !== null) found.push(topicUse);
    const callee = calleeOf(node, names);
    if (callee === null) return;
    const site: CallSite = {
      ...callee,
      isNew: node.type === "NewExpression",
      node,
      binding: bindings.get(node) ?? null,
      isDefaultExport: defaultExports.has(node),
    };
    const finder = finderFor(site);
    if (finder !== null) found.push(finder(site));
  });
  return found;
}

function calleeOf(
  node: NodeOf<"CallExpression"> | NodeOf<"NewExpression">,
  names: ReadonlyMap<string, ImportedName>,
): ImportedName | null {
  const members: string[] = [];
  let callee: SyntaxNode = bareExpression(node.callee);
  while (callee.type === "MemberExpression") {
    const name = memberName(callee);
    if (name === null) return null;
    members.unshift(name);
    callee = bareExpression(callee.object);
  }
  if (callee.type !== "Identifier") return null;
  const imported = names.get(callee.name);
  if (imported === undefined) return null;
  const path = imported.name === "*" ? members : [imported.name, ...members];
  return { module: imported.module, name: path.join(".") };
}

function clientUses(
  node: NodeOf<"Identifier">,
  parent: SyntaxNode | null,
  names: ReadonlyMap<string, ImportedName>,
): Declaration[] {
  const imported = names.get(node.name);
  if (imported?.module !== clientsModule) return [];
  if (imported.name !== "*") return findClientUse(imported.name, node, parent);
  // `import * as clients`: the member is the service, and what is done with it stays open.
  const service = parent?.type === "MemberExpression" && parent.object === node ? memberName(parent) : null;
  return service === null ? [] : findClientUse(service, node, null);
}

/** Not a property's name, a key, or a name being declared by an import or export. */
function isReference(node: SyntaxNode, parent: SyntaxNode | null, key: string): boolean {
  switch (parent?.type) {
    case undefined:
      return false;
    case "MemberExpression":
      return key === "object" || parent.computed;
    case "Property":
    case "PropertyDefinition":
    case "MethodDefinition":
    case "AccessorProperty":
      return key === "value" || parent.computed || (parent.type === "Property" && parent.shorthand);
    case "ImportSpecifier":
    case "ImportDefaultSpecifier":
    case "ImportNamespaceSpecifier":
      return false;
    case "ExportSpecifier":
      return key === "local";
    default:
      return node.type === "Identifier";
  }
}
