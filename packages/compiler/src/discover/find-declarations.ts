// One file's syntax tree -> what it declares: calls of what our modules export, with where their values go.
import { canonicalSpecifier } from "../aliases.ts";
import { findBindings } from "./bindings.ts";
import type { CallSite } from "./call-site.ts";
import { argumentAt } from "./call-site.ts";
import { clientsModule, findClientUse, memberName } from "./client-use.ts";
import type { Declaration, EndpointFactory, FactoryUse } from "./declarations.ts";
import { readExpression } from "./expression.ts";
import { findFactoryUse, findFunctions, type FunctionScope } from "./factories.ts";
import { finderFor } from "./registry.ts";
import { findShadows, type IsShadowed } from "./shadows.ts";
import { findTopicUse } from "./topic-use.ts";
import { bareExpression, type NodeOf, type SyntaxNode, walkRuntime } from "./syntax.ts";

/** What a local name stands for: an export of one of our modules, or the whole module ("*"). */
export interface ImportedName {
  readonly module: string;
  readonly name: string;
}

export interface FileNames {
  readonly names: ReadonlyMap<string, ImportedName>;
  /** Names from everybody else's modules. */
  readonly foreignNames: ReadonlyMap<string, { readonly specifier: string; readonly name: string }>;
  /** Local name -> the name it is exported under. */
  readonly exportNames: ReadonlyMap<string, string>;
}

export interface FoundDeclarations {
  readonly declarations: readonly Declaration[];
  readonly factories: readonly EndpointFactory[];
  readonly factoryUses: readonly FactoryUse[];
  /** Local names with a use at run time. */
  readonly usedNames: ReadonlySet<string>;
}

export function findDeclarations(program: NodeOf<"Program">, file: FileNames): FoundDeclarations {
  const { names, exportNames } = file;
  const declarations: Declaration[] = [];
  const factories: EndpointFactory[] = [];
  const usedNames = new Set<string>();
  const bindings = findBindings(program, exportNames);
  const functions = findFunctions(program);
  const isShadowed = findShadows(program, new Set(names.keys()));
  walkRuntime(program, (node, parent, key) => {
    if (node.type === "Identifier" && isReference(node, parent, key) && !isShadowed(node.name, node.start)) {
      usedNames.add(node.name);
      declarations.push(...clientUses(node, parent, names));
    }
    if (node.type === "JSXIdentifier") usedNames.add(node.name);
    if (node.type === "ImportExpression") declarations.push(...dynamicClients(node));
    if (node.type !== "CallExpression" && node.type !== "NewExpression") return;
    const topicUse = findTopicUse(node);
    if (topicUse !== null) declarations.push(topicUse);
    const callee = calleeOf(node, names, isShadowed);
    if (callee === null) return;
    const site: CallSite = {
      ...callee,
      isNew: node.type === "NewExpression",
      node,
      binding: bindings.of.get(node) ?? null,
      isDefaultExport: bindings.defaultExports.has(node),
    };
    const declaration = finderFor(site)?.(site);
    if (declaration === undefined) return;
    const factory = site.binding === null ? factoryAt(site, declaration, functions, exportNames) : null;
    if (factory === null) declarations.push(declaration);
    else factories.push(factory);
  });
  const factoryUses = [...bindings.of].flatMap(([node, binding]) => {
    const use = findFactoryUse(node, binding, file.foreignNames);
    const isKnown =
      use !== null && (use.callee.specifier !== null || functions.some(({ name }) => name === use.callee.name));
    return isKnown ? [use] : [];
  });
  return { declarations, factories, factoryUses, usedNames };
}

/** An endpoint declared within a function is that of who calls the function. */
function factoryAt(
  site: CallSite,
  declaration: Declaration,
  functions: readonly FunctionScope[],
  exportNames: ReadonlyMap<string, string>,
): EndpointFactory | null {
  if (declaration.kind !== "api") return null;
  const { start, end } = declaration.call;
  const around = functions.find(({ node }) => node.start <= start && end <= node.end);
  if (around === undefined) return null;
  const options = argumentAt(site, 0);
  return {
    name: around.name,
    exportName: exportNames.get(around.name) ?? null,
    endpointKind: declaration.endpointKind,
    call: declaration.call,
    options: options === null ? null : readExpression(options, around.parameters),
    hasHandler: declaration.hasHandler,
    hasResponseType: declaration.hasResponseType,
  };
}

function calleeOf(
  node: NodeOf<"CallExpression"> | NodeOf<"NewExpression">,
  names: ReadonlyMap<string, ImportedName>,
  isShadowed: IsShadowed,
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
  if (imported === undefined || isShadowed(callee.name, callee.start)) return null;
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
  if (imported.name !== "*" && imported.name !== "default") return findClientUse(imported.name, node, parent);
  // `import * as clients`: the member is the service, and what is done with it stays open; without one it can be any.
  const isObject = parent?.type === "MemberExpression" && parent.object === node;
  return findClientUse(isObject ? memberName(parent) : null, node, null);
}

/** `await import("~tenon/clients")`: whatever is made of it. */
function dynamicClients(node: NodeOf<"ImportExpression">): Declaration[] {
  const { source } = node;
  const specifier = source.type === "Literal" && typeof source.value === "string" ? source.value : "";
  return canonicalSpecifier(specifier) === clientsModule ? findClientUse(null, node, null) : [];
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
