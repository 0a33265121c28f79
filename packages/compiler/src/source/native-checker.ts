// The crawler's questions asked of the TypeScript 7 checker. Symbols and types are handles; every method here is one or two messages.
import {
  ElementFlags,
  ModifierFlags,
  type NodeHandle,
  ObjectFlags,
  type Project,
  SignatureKind,
  type Symbol as TypeSymbol,
  SymbolFlags,
  type TupleType,
  type Type,
  TypeFlags,
} from "typescript-native/async";
import { SyntaxKind } from "typescript-native/ast";
import type { Checker, MemberFacts, NameFacts, Shape, SignatureFacts, SymbolFacts } from "./checker.ts";
import { keywordOf } from "./keyword.ts";
import type { DeclarationKey, DocTag, SourceSpan } from "./type-source.ts";

/** What the client's type objects hold beside the published interface; reading it saves a message for each absent part. */
interface TypeFields {
  readonly symbol?: unknown;
  readonly aliasSymbol?: unknown;
  readonly aliasTypeArguments?: readonly unknown[];
  readonly objectFlags?: number;
  readonly value?: string | number | boolean | bigint;
  readonly texts?: readonly string[];
  readonly intrinsicName?: string;
  readonly typeParameters?: readonly unknown[];
}

type SyntaxNode = NonNullable<Awaited<ReturnType<NodeHandle["resolve"]>>>;

export class NativeChecker implements Checker<Type, TypeSymbol> {
  readonly #project: Project;
  readonly #declarations = new Map<DeclarationKey, NodeHandle>();

  constructor(project: Project) {
    this.#project = project;
  }

  idOf(type: Type): number {
    return type.id;
  }

  typesAt(file: string, positions: readonly number[]): Promise<(Type | undefined)[]> {
    return this.#project.checker.getTypeAtPosition(file, positions);
  }

  symbolsAt(file: string, positions: readonly number[]): Promise<(TypeSymbol | undefined)[]> {
    return this.#project.checker.getSymbolAtPosition(file, positions);
  }

  async originOf(symbol: TypeSymbol): Promise<TypeSymbol> {
    const value = (await this.#valueOfShorthand(symbol)) ?? symbol;
    return value.flags & SymbolFlags.Alias ? this.#project.checker.getAliasedSymbol(value) : value;
  }

  /** In `{ db }` the name is that of a property; what it stands for is asked apart. */
  async #valueOfShorthand({ valueDeclaration }: TypeSymbol): Promise<TypeSymbol | undefined> {
    if (valueDeclaration?.kind !== SyntaxKind.ShorthandPropertyAssignment) return undefined;
    const node = await valueDeclaration.resolve(this.#project);
    return node === undefined ? undefined : this.#project.checker.getShorthandAssignmentValueSymbol(node);
  }

  async typeOfExpression(file: string, start: number, end: number): Promise<Type | undefined> {
    const source = await this.#project.program.getSourceFile(file);
    const node = source === undefined ? undefined : nodeAt(source, start, end);
    return node === undefined ? undefined : this.#project.checker.getTypeAtLocation(node);
  }

  mayHaveContract(type: Type): boolean {
    return (type.flags & TypeFlags.Intersection) !== 0;
  }

  async signatureOf(type: Type): Promise<SignatureFacts<Type> | null> {
    const { checker } = this.#project;
    const [signature] = await checker.getSignaturesOfType(type, SignatureKind.Call);
    if (signature === undefined) return null;
    const [parameters, returns] = await Promise.all([
      signature.getParameters(),
      checker.getReturnTypeOfSignature(signature),
    ]);
    const first = parameters[0];
    const [parameter, awaited] = await Promise.all([
      first === undefined ? null : checker.getTypeOfSymbol(first),
      checker.getAwaitedType(returns),
    ]);
    const isGeneric = (signature.typeParameters?.length ?? 0) > 0;
    return { isGeneric, parameter, awaitedReturn: awaited ?? returns };
  }

  async shapeOf(type: Type): Promise<Shape<Type, TypeSymbol>> {
    const fields = type as unknown as TypeFields;
    const { flags } = type;
    const keyword = keywordOf(TypeFlags, flags, fields.intrinsicName);
    if (keyword !== null) return { kind: "keyword", name: keyword };
    if (flags & TypeFlags.BigIntLiteral) return { kind: "bigint-literal", value: String(fields.value) };
    if (flags & (TypeFlags.StringLiteral | TypeFlags.NumberLiteral | TypeFlags.BooleanLiteral)) {
      const value = fields.value as string | number | boolean;
      return { kind: "literal", value, isEnum: (flags & TypeFlags.EnumLiteral) !== 0 };
    }
    if (flags & TypeFlags.Object) return this.#objectShape(type, fields);
    if (flags & (TypeFlags.Union | TypeFlags.Intersection)) {
      const [types, name] = await Promise.all([this.#typesOf(type), this.#aliasOf(type, fields)]);
      return flags & TypeFlags.Union ? { kind: "union", types, name } : { kind: "intersection", types, name };
    }
    if (flags & TypeFlags.TemplateLiteral) {
      return { kind: "template", texts: fields.texts ?? [], types: await this.#typesOf(type) };
    }
    const symbol = await type.getSymbol();
    if (flags & TypeFlags.StringMapping && type.isStringMappingType()) {
      return { kind: "string-mapping", mapping: symbol?.name ?? "", target: await type.getTarget() };
    }
    if (flags & TypeFlags.TypeParameter) return { kind: "parameter", name: symbol?.name ?? "T" };
    return { kind: "deferred" };
  }

  async membersOf(type: Type): Promise<MemberFacts<Type, TypeSymbol>> {
    const { checker } = this.#project;
    const objectFlags = (type as unknown as TypeFields).objectFlags ?? 0;
    const canBeCalled = (objectFlags & (ObjectFlags.ObjectLiteral | ObjectFlags.Mapped)) === 0;
    const isAnonymous = (objectFlags & ObjectFlags.Anonymous) !== 0;
    const [symbols, infos, calls, constructs] = await Promise.all([
      checker.getPropertiesOfType(type),
      checker.getIndexInfosOfType(type),
      canBeCalled ? checker.getSignaturesOfType(type, SignatureKind.Call) : [],
      canBeCalled && isAnonymous ? checker.getSignaturesOfType(type, SignatureKind.Construct) : [],
    ]);
    const types = symbols.length === 0 ? [] : await checker.getTypeOfSymbol(symbols);
    return {
      isMapped: (objectFlags & ObjectFlags.Mapped) !== 0,
      isCallable: calls.length + constructs.length > 0,
      properties: symbols.map((symbol, i) => ({
        ...this.symbolFacts(symbol),
        type: types[i]!,
        isOptional: (symbol.flags & SymbolFlags.Optional) !== 0,
        isMethod: (symbol.flags & SymbolFlags.Method) !== 0,
        isAccessor: (symbol.flags & SymbolFlags.Accessor) !== 0,
      })),
      index: infos.map(({ keyType, valueType }) => ({ key: keyType, value: valueType })),
    };
  }

  async isHidden(property: TypeSymbol): Promise<boolean> {
    if (property.name.startsWith("__#")) return true;
    const node = await property.valueDeclaration?.resolve(this.#project);
    const flags = (node as { modifierFlags?: number } | undefined)?.modifierFlags ?? 0;
    return (flags & (ModifierFlags.Private | ModifierFlags.Protected)) !== 0;
  }

  async enumOf(literal: Type): Promise<(SymbolFacts<TypeSymbol> & { size: number }) | null> {
    const symbol = await literal.getSymbol();
    if (symbol === undefined) return null;
    // An enum with a single member is its member.
    const owner = symbol.flags & SymbolFlags.Enum ? symbol : await symbol.getParent();
    if (owner === undefined) return null;
    return { ...this.symbolFacts(owner), size: (await owner.getExports()).size };
  }

  symbolFacts(symbol: TypeSymbol): SymbolFacts<TypeSymbol> {
    const handle = symbol.valueDeclaration ?? symbol.declarations[0];
    if (handle === undefined) return { symbol, name: symbol.name, declaration: null, file: null };
    const declaration = `${handle.path}#${handle.index}`;
    this.#declarations.set(declaration, handle);
    return { symbol, name: symbol.name, declaration, file: handle.path };
  }

  descriptionOf(symbol: TypeSymbol): Promise<string> {
    return this.#project.checker.getDocumentationCommentOfSymbol(symbol);
  }

  async docTagsOf(symbol: TypeSymbol): Promise<readonly DocTag[]> {
    const tags = await this.#project.checker.getJsDocTagsOfSymbol(symbol);
    return tags.map(({ name, text }) => ({ name, text: text ?? "" }));
  }

  async locate(declarations: readonly DeclarationKey[]): Promise<Map<DeclarationKey, SourceSpan>> {
    const found = new Map<DeclarationKey, SourceSpan>();
    await Promise.all(
      declarations.map(async (declaration) => {
        const node = await this.#declarations.get(declaration)?.resolve(this.#project);
        if (node === undefined) return;
        const name = (node as { name?: SyntaxNode }).name ?? node;
        const file = node.getSourceFile().fileName;
        found.set(declaration, { file, start: name.getStart(), end: name.end });
      }),
    );
    return found;
  }

  async #objectShape(type: Type, fields: TypeFields): Promise<Shape<Type, TypeSymbol>> {
    const objectFlags = fields.objectFlags ?? 0;
    const isReference = type.isTypeReference();
    const [alias, target, typeArguments] = await Promise.all([
      this.#aliasOf(type, fields),
      isReference ? type.getTarget() : undefined,
      isReference ? this.#project.checker.getTypeArguments(type) : [],
    ]);
    if (target?.isTupleTypeTarget()) return this.#tupleShape(target, typeArguments, alias);
    const isDeclared = isReference || (objectFlags & ObjectFlags.ClassOrInterface) !== 0;
    const symbol = isDeclared ? await type.getSymbol() : undefined;
    if (symbol === undefined || symbol.name.startsWith("__")) {
      return { kind: "object", name: alias, own: null, isClass: symbol !== undefined && isClass(symbol) };
    }
    // Classes and interfaces carry a last, hidden type argument for `this`.
    const count = (target as unknown as TypeFields | undefined)?.typeParameters?.length ?? 0;
    const own = { ...this.symbolFacts(symbol), typeArguments: typeArguments.slice(0, count) };
    return { kind: "object", name: alias ?? own, own, isClass: isClass(symbol) };
  }

  async #tupleShape(
    target: TupleType,
    types: readonly Type[],
    name: NameFacts<Type, TypeSymbol> | null,
  ): Promise<Shape<Type, TypeSymbol>> {
    const elements = await Promise.all(
      target.elementFlags.map(async (flags, i) => {
        const node = await target.labeledElementDeclarations?.[i]?.resolve(this.#project);
        const label = (node as { name?: { text?: string } } | undefined)?.name?.text;
        return { type: types[i]!, form: elementForm(flags), ...(label === undefined ? {} : { label }) };
      }),
    );
    return { kind: "tuple", elements, name };
  }

  async #typesOf(type: Type): Promise<readonly Type[]> {
    const holder = type as Type & { getTypes(): Promise<readonly Type[] | undefined> };
    return (await holder.getTypes()) ?? [];
  }

  async #aliasOf(type: Type, fields: TypeFields): Promise<NameFacts<Type, TypeSymbol> | null> {
    if (fields.aliasSymbol === undefined) return null;
    const [symbol, typeArguments] = await Promise.all([
      type.getAliasSymbol(),
      (fields.aliasTypeArguments?.length ?? 0) === 0 ? [] : type.getAliasTypeArguments(),
    ]);
    return symbol === undefined ? null : { ...this.symbolFacts(symbol), typeArguments };
  }
}

function isClass(symbol: TypeSymbol): boolean {
  return (symbol.flags & SymbolFlags.Class) !== 0;
}

function elementForm(flags: number): "required" | "optional" | "rest" | "variadic" {
  if (flags & ElementFlags.Variadic) return "variadic";
  if (flags & ElementFlags.Rest) return "rest";
  return flags & ElementFlags.Optional ? "optional" : "required";
}

function nodeAt(node: SyntaxNode, start: number, end: number): SyntaxNode | undefined {
  return node.forEachChild((child) => {
    if (child.pos > start || child.end < end) return undefined;
    return child.end === end && child.getStart() === start ? child : nodeAt(child, start, end);
  });
}
