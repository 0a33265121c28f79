// Where the value of a declaration goes: which export of the file it is, or which member of one. Declarations are found by value, so
// that wrapping one, putting it into an object or a class, exporting it later or under another name changes nothing.
import type { Binding } from "./declarations.ts";
import { bareExpression, type ClassNode, type NodeOf, type SyntaxNode } from "./syntax.ts";

export interface Bindings {
  /** By the call or `new` that makes the value. */
  readonly of: ReadonlyMap<SyntaxNode, Binding>;
  /** What stands directly behind `export default`. */
  readonly defaultExports: ReadonlySet<SyntaxNode>;
}

/** `exportNames`: local name -> the name it is exported under. */
export function findBindings(program: NodeOf<"Program">, exportNames: ReadonlyMap<string, string>): Bindings {
  const finder = new BindingFinder(exportNames);
  for (const statement of program.body) finder.visit(statement);
  return { of: finder.finish(), defaultExports: finder.defaultExports };
}

class BindingFinder {
  readonly defaultExports = new Set<SyntaxNode>();
  readonly #exportNames: ReadonlyMap<string, string>;
  readonly #bindings = new Map<SyntaxNode, Binding>();
  /** Local name -> the first export whose value it is part of. */
  readonly #uses = new Map<string, Binding>();

  constructor(exportNames: ReadonlyMap<string, string>) {
    this.#exportNames = exportNames;
  }

  visit(statement: SyntaxNode): void {
    if (statement.type === "ExportDefaultDeclaration") {
      this.#visitDefault(statement.declaration);
      return;
    }
    const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (declaration?.type === "VariableDeclaration") {
      for (const { id, init } of declaration.declarations) {
        if (id.type === "Identifier" && init !== null) this.#place(init, this.#bindingOf(id));
      }
    } else if (declaration?.type === "ClassDeclaration" && declaration.id !== null) {
      this.#placeMembers(declaration, this.#bindingOf(declaration.id));
    }
  }

  /** A constant that is not exported itself may be part of something that is. */
  finish(): ReadonlyMap<SyntaxNode, Binding> {
    for (const [node, binding] of this.#bindings) {
      const use = binding.exportName === null ? this.#uses.get(binding.name) : undefined;
      if (use !== undefined) this.#bindings.set(node, { ...use, name: use.name === "" ? binding.name : use.name });
    }
    return this.#bindings;
  }

  #visitDefault(declaration: SyntaxNode): void {
    const value = bareExpression(declaration);
    this.defaultExports.add(value);
    // `export default get;` exports the variable, which its own declaration knows.
    if (value.type === "Identifier") return;
    const span = { start: value.start, end: value.end };
    const binding: Binding = { name: "", exportName: "default", ...span, isExpression: true };
    if (value.type === "ClassDeclaration") this.#placeMembers(value, binding);
    else this.#place(value, binding);
  }

  #bindingOf({ name, start }: { readonly name: string; readonly start: number }): Binding {
    return { name, exportName: this.#exportNames.get(name) ?? null, start, end: start + name.length };
  }

  #place(written: SyntaxNode, binding: Binding): void {
    const value = bareExpression(written);
    switch (value.type) {
      case "CallExpression":
      case "NewExpression":
        this.#set(value, binding);
        this.#placeArguments(value, binding);
        return;
      case "AwaitExpression":
        this.#place(value.argument, binding);
        return;
      case "Identifier":
        if (binding.exportName !== null && !this.#uses.has(value.name)) this.#uses.set(value.name, binding);
        return;
      case "ObjectExpression":
        this.#placeProperties(value, binding);
        return;
      case "ClassExpression":
        this.#placeMembers(value, binding);
        return;
    }
  }

  /** What a function is given may be what it returns, in another coat: `withLog(api(...))`, `Object.freeze({ get: api(...) })`. */
  #placeArguments(call: NodeOf<"CallExpression"> | NodeOf<"NewExpression">, binding: Binding): void {
    for (const argument of call.arguments) {
      if (argument.type === "SpreadElement") continue;
      const value = bareExpression(argument);
      const isPassedOn = value.type === "CallExpression" || value.type === "Identifier";
      if (isPassedOn || (value.type === "ObjectExpression" && isFreeze(call))) this.#place(value, binding);
    }
  }

  #placeProperties(object: NodeOf<"ObjectExpression">, binding: Binding): void {
    for (const property of object.properties) {
      if (property.type !== "Property" || property.computed || property.kind !== "init") continue;
      const member = memberOf(binding, property.key);
      if (member !== null) this.#place(property.value, member);
    }
  }

  #placeMembers(declared: ClassNode, binding: Binding): void {
    for (const element of declared.body.body) {
      if (element.type !== "PropertyDefinition" || !element.static || element.computed || element.value === null)
        continue;
      const member = memberOf(binding, element.key);
      if (member !== null) this.#place(element.value, member);
    }
  }

  #set(node: SyntaxNode, binding: Binding): void {
    const known = this.#bindings.get(node);
    if (known === undefined || known.exportName === null) this.#bindings.set(node, binding);
  }
}

function isFreeze(call: NodeOf<"CallExpression"> | NodeOf<"NewExpression">): boolean {
  const { callee } = call;
  return (
    callee.type === "MemberExpression" &&
    callee.object.type === "Identifier" &&
    callee.object.name === "Object" &&
    callee.property.type === "Identifier" &&
    callee.property.name === "freeze"
  );
}

function memberOf(binding: Binding, key: SyntaxNode): Binding | null {
  if (key.type !== "Identifier") return null;
  const members = [...(binding.members ?? []), key.name];
  return { name: key.name, exportName: binding.exportName, members, start: key.start, end: key.end };
}
