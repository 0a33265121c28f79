// The specifiers a source file imports, in whichever way: static, re-export, dynamic, type-only, `import("x").T` in a type, require, resolve.
import { readFileSync } from "node:fs";
import ts from "typescript-classic";

const resolvers = new Set(["require", "require.resolve", "import.meta.resolve"]);

/** @returns {string[]} */
export function importsOf(file) {
  const text = readFileSync(file, "utf8");
  const kind = /\.[cm]?ts$/.test(file) ? ts.ScriptKind.TS : ts.ScriptKind.TSX;
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, false, kind);
  const found = new Set();
  const visit = (node) => {
    const specifier = specifierOf(node, source);
    if (specifier !== undefined && ts.isStringLiteralLike(specifier)) found.add(specifier.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...found];
}

function specifierOf(node, source) {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node)) return node.argument.literal;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (!ts.isCallExpression(node)) return undefined;
  const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isImport || resolvers.has(node.expression.getText(source)) ? node.arguments[0] : undefined;
}

/** "@scope/name/deep" -> "@scope/name"; undefined for relative, absolute, `node:` and URL specifiers, and "#" ones. */
export function packageNameOf(specifier) {
  if (/^([./#]|[a-z]+:)/.test(specifier)) return undefined;
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0];
}
