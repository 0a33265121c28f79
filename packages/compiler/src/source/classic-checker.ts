// The crawler's questions asked of the classic in-process checker. Its answers are there at once; the promises only fit the port.
import ts from "typescript-classic";
import type { Checker, MemberFacts, NameFacts, Shape, SignatureFacts, SymbolFacts } from "./checker.ts";
import { keywordOf } from "./keyword.ts";
import type { DeclarationKey, DocTag, SourceSpan } from "./type-source.ts";

export class ClassicChecker implements Checker<ts.Type, ts.Symbol> {
  readonly #program: ts.Program;
  readonly #checker: ts.TypeChecker;
  readonly #declarations = new Map<DeclarationKey, ts.Declaration>();

  constructor(program: ts.Program) {
    this.#program = program;
    this.#checker = program.getTypeChecker();
  }

  idOf(type: ts.Type): number {
    return (type as ts.Type & { readonly id: number }).id;
  }

  async typesAt(file: string, positions: readonly number[]): Promise<(ts.Type | undefined)[]> {
    return positions.map((position) => {
      const node = this.#identifierAt(file, position);
      return node === undefined ? undefined : this.#checker.getTypeAtLocation(node);
    });
  }

  async symbolsAt(file: string, positions: readonly number[]): Promise<(ts.Symbol | undefined)[]> {
    return positions.map((position) => {
      const node = this.#identifierAt(file, position);
      return node === undefined ? undefined : this.#checker.getSymbolAtLocation(node);
    });
  }

  async originOf(symbol: ts.Symbol): Promise<ts.Symbol> {
    const { valueDeclaration: declared } = symbol;
    const isShorthand = declared !== undefined && ts.isShorthandPropertyAssignment(declared);
    // In `{ db }` the name is that of a property; what it stands for is asked apart.
    const value = (isShorthand ? this.#checker.getShorthandAssignmentValueSymbol(declared) : undefined) ?? symbol;
    return value.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(value) : value;
  }

  async typeOfExpression(file: string, start: number, end: number): Promise<ts.Type | undefined> {
    const source = this.#program.getSourceFile(file);
    const node = source === undefined ? undefined : nodeAt(source, source, start, end);
    return node === undefined ? undefined : this.#checker.getTypeAtLocation(node);
  }

  mayHaveContract(type: ts.Type): boolean {
    return type.isIntersection();
  }

  async signatureOf(type: ts.Type): Promise<SignatureFacts<ts.Type> | null> {
    const signature = type.getCallSignatures()[0];
    if (signature === undefined) return null;
    const first = signature.getParameters()[0];
    const returns = signature.getReturnType();
    return {
      isGeneric: (signature.getTypeParameters()?.length ?? 0) > 0,
      parameter: first === undefined ? null : this.#checker.getTypeOfSymbol(first),
      awaitedReturn: this.#checker.getAwaitedType(returns) ?? returns,
    };
  }

  async shapeOf(type: ts.Type): Promise<Shape<ts.Type, ts.Symbol>> {
    const { flags } = type;
    const intrinsicName = (type as ts.Type & { readonly intrinsicName?: string }).intrinsicName;
    const keyword = keywordOf(ts.TypeFlags, flags, intrinsicName);
    if (keyword !== null) return { kind: "keyword", name: keyword };
    const isEnum = (flags & ts.TypeFlags.EnumLiteral) !== 0;
    if (flags & ts.TypeFlags.BooleanLiteral) return { kind: "literal", value: intrinsicName === "true", isEnum };
    if (type.isStringLiteral() || type.isNumberLiteral()) return { kind: "literal", value: type.value, isEnum };
    if (flags & ts.TypeFlags.BigIntLiteral) {
      const { negative, base10Value } = (type as ts.BigIntLiteralType).value;
      return { kind: "bigint-literal", value: `${negative ? "-" : ""}${base10Value}` };
    }
    if (flags & ts.TypeFlags.Object) return this.#objectShape(type as ts.ObjectType);
    if (type.isUnion()) return { kind: "union", types: type.types, name: this.#aliasOf(type) };
    if (type.isIntersection()) return { kind: "intersection", types: type.types, name: this.#aliasOf(type) };
    if (flags & ts.TypeFlags.TemplateLiteral) {
      const { texts, types } = type as ts.TemplateLiteralType;
      return { kind: "template", texts, types };
    }
    if (flags & ts.TypeFlags.StringMapping) {
      const mapping = type as ts.StringMappingType;
      return { kind: "string-mapping", mapping: mapping.symbol.name, target: mapping.type };
    }
    if (flags & ts.TypeFlags.TypeParameter) return { kind: "parameter", name: type.symbol?.name ?? "T" };
    return { kind: "deferred" };
  }

  async membersOf(type: ts.Type): Promise<MemberFacts<ts.Type, ts.Symbol>> {
    const isAnonymous = ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Anonymous) !== 0;
    const constructs = isAnonymous ? type.getConstructSignatures().length : 0;
    return {
      isMapped: ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Mapped) !== 0,
      isCallable: type.getCallSignatures().length + constructs > 0,
      properties: this.#checker.getPropertiesOfType(type).map((symbol) => ({
        ...this.symbolFacts(symbol),
        type: this.#checker.getTypeOfSymbol(symbol),
        isOptional: (symbol.flags & ts.SymbolFlags.Optional) !== 0,
        isMethod: (symbol.flags & ts.SymbolFlags.Method) !== 0,
        isAccessor: (symbol.flags & ts.SymbolFlags.Accessor) !== 0,
      })),
      index: this.#checker.getIndexInfosOfType(type).map(({ keyType, type: value }) => ({ key: keyType, value })),
    };
  }

  async isHidden(property: ts.Symbol): Promise<boolean> {
    const declaration = property.valueDeclaration;
    if (declaration === undefined) return false;
    const name = ts.getNameOfDeclaration(declaration);
    if (name !== undefined && ts.isPrivateIdentifier(name)) return true;
    const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
    return (ts.getCombinedModifierFlags(declaration) & hidden) !== 0;
  }

  async enumOf(literal: ts.Type): Promise<(SymbolFacts<ts.Symbol> & { size: number }) | null> {
    const symbol = literal.getSymbol();
    if (symbol === undefined) return null;
    const parent = (symbol as ts.Symbol & { readonly parent?: ts.Symbol }).parent;
    const owner = symbol.flags & ts.SymbolFlags.Enum ? symbol : parent;
    return owner === undefined ? null : { ...this.symbolFacts(owner), size: owner.exports?.size ?? 0 };
  }

  symbolFacts(symbol: ts.Symbol): SymbolFacts<ts.Symbol> {
    const node = symbol.valueDeclaration ?? symbol.declarations?.[0];
    if (node === undefined) return { symbol, name: symbol.name, declaration: null, file: null };
    const file = node.getSourceFile().fileName;
    const declaration = `${file}#${node.pos}`;
    this.#declarations.set(declaration, node);
    return { symbol, name: symbol.name, declaration, file };
  }

  async descriptionOf(symbol: ts.Symbol): Promise<string> {
    return ts.displayPartsToString(symbol.getDocumentationComment(this.#checker));
  }

  async docTagsOf(symbol: ts.Symbol): Promise<readonly DocTag[]> {
    return symbol.getJsDocTags(this.#checker).map(({ name, text }) => ({ name, text: ts.displayPartsToString(text) }));
  }

  locate(declarations: readonly DeclarationKey[]): Map<DeclarationKey, SourceSpan> {
    const found = new Map<DeclarationKey, SourceSpan>();
    for (const declaration of declarations) {
      const node = this.#declarations.get(declaration);
      if (node === undefined) continue;
      const name = ts.getNameOfDeclaration(node) ?? node;
      found.set(declaration, { file: node.getSourceFile().fileName, start: name.getStart(), end: name.end });
    }
    return found;
  }

  #objectShape(type: ts.ObjectType): Shape<ts.Type, ts.Symbol> {
    const alias = this.#aliasOf(type);
    const isReference = (type.objectFlags & ts.ObjectFlags.Reference) !== 0;
    const target = isReference ? (type as ts.TypeReference).target : undefined;
    const typeArguments = isReference ? this.#checker.getTypeArguments(type as ts.TypeReference) : [];
    if (target !== undefined && target.objectFlags & ts.ObjectFlags.Tuple) {
      return { kind: "tuple", elements: tupleElements(target as ts.TupleType, typeArguments), name: alias };
    }
    const isDeclared = isReference || (type.objectFlags & ts.ObjectFlags.ClassOrInterface) !== 0;
    const symbol = isDeclared ? type.getSymbol() : undefined;
    const isClass = symbol !== undefined && (symbol.flags & ts.SymbolFlags.Class) !== 0;
    if (symbol === undefined || symbol.name.startsWith("__"))
      return { kind: "object", name: alias, own: null, isClass };
    // Classes and interfaces carry a last, hidden type argument for `this`.
    const count = target?.typeParameters?.length ?? 0;
    const own = { ...this.symbolFacts(symbol), typeArguments: typeArguments.slice(0, count) };
    return { kind: "object", name: alias ?? own, own, isClass };
  }

  #aliasOf(type: ts.Type): NameFacts<ts.Type, ts.Symbol> | null {
    if (type.aliasSymbol === undefined) return null;
    return { ...this.symbolFacts(type.aliasSymbol), typeArguments: type.aliasTypeArguments ?? [] };
  }

  #identifierAt(file: string, position: number): ts.Node | undefined {
    const source = this.#program.getSourceFile(file);
    return source === undefined ? undefined : leafAt(source, source, position);
  }
}

function tupleElements(target: ts.TupleType, types: readonly ts.Type[]) {
  return target.elementFlags.map((flags, i) => {
    const declaration = target.labeledElementDeclarations?.[i];
    const label = declaration !== undefined && ts.isIdentifier(declaration.name) ? declaration.name.text : undefined;
    return { type: types[i]!, form: elementForm(flags), ...(label === undefined ? {} : { label }) };
  });
}

function elementForm(flags: ts.ElementFlags): "required" | "optional" | "rest" | "variadic" {
  if (flags & ts.ElementFlags.Variadic) return "variadic";
  if (flags & ts.ElementFlags.Rest) return "rest";
  return flags & ts.ElementFlags.Optional ? "optional" : "required";
}

function leafAt(source: ts.SourceFile, node: ts.Node, position: number): ts.Node | undefined {
  return ts.forEachChild(node, (child) => {
    if (child.getStart(source) > position || child.end <= position) return undefined;
    return leafAt(source, child, position) ?? child;
  });
}

function nodeAt(source: ts.SourceFile, node: ts.Node, start: number, end: number): ts.Node | undefined {
  return ts.forEachChild(node, (child) => {
    if (child.pos > start || child.end < end) return undefined;
    return child.end === end && child.getStart(source) === start ? child : nodeAt(source, child, start, end);
  });
}
