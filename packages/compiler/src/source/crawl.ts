// Walks the type graph from the asked positions into plain records. Every step asks for all it needs at once, so that the native
// client sends one message per level of the graph and not one per type.
import type { Checker, MemberFacts, NameFacts, PropertyFacts, Shape, SymbolFacts } from "./checker.ts";
import { isForeign, isPlatform, isStandardLibrary } from "./checker.ts";
import { isRuleTag, mayHaveDescription, mayHaveRuleTags } from "./description.ts";
import type {
  CrawlAnswer,
  CrawlRequest,
  CrawlResult,
  DeclarationKey,
  DocTag,
  EnumRecord,
  Members,
  PropertyRecord,
  TypeName,
  TypeRecord,
} from "./type-source.ts";

/** Read as a whole or refused as a whole, never looked into. */
const builtinNames: ReadonlySet<string> = new Set(
  (
    "Date Map ReadonlyMap Set ReadonlySet Uint8Array Buffer URL Promise PromiseLike WeakMap WeakSet WeakRef RegExp Function Error " +
    "ArrayBuffer SharedArrayBuffer DataView Int8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array " +
    "Float64Array BigInt64Array BigUint64Array Iterator Iterable AsyncIterable AsyncIterableIterator Generator AsyncGenerator ReadableStream WritableStream " +
    "Blob File FormData Headers Request Response URLSearchParams AbortSignal String Number Boolean Symbol BigInt Object"
  ).split(" "),
);

/** Types nest a few dozen levels at most; one that grows with every level (`Deep<T> = { next: Deep<T[]> }`) has no end. */
const maxDepth = 100;

export async function crawlTypes<T, S>(
  checker: Checker<T, S>,
  requests: readonly CrawlRequest[],
): Promise<CrawlResult> {
  return new Crawl(checker).run(requests);
}

interface FunctionAt {
  readonly index: number;
  readonly position: number;
  readonly end: number | undefined;
}

class Crawl<T, S> {
  readonly #checker: Checker<T, S>;
  readonly #records = new Map<number, TypeRecord>();
  readonly #started = new Set<number>();
  readonly #enums = new Map<string, EnumRecord>();
  #level: Promise<void>[] = [];
  #depth = 0;

  constructor(checker: Checker<T, S>) {
    this.#checker = checker;
  }

  async run(requests: readonly CrawlRequest[]): Promise<CrawlResult> {
    const answers: CrawlAnswer[] = requests.map(() => ({ kind: "nothing" }));
    const functionsByFile = new Map<string, FunctionAt[]>();
    for (const [index, request] of requests.entries()) {
      if (request.kind === "contract") {
        this.#level.push(this.#contract(request, index, answers));
        continue;
      }
      if (request.kind !== "function") {
        this.#level.push(this.#expression(request, index, answers));
        continue;
      }
      const list = functionsByFile.get(request.file) ?? [];
      list.push({ index, position: request.position, end: request.end });
      functionsByFile.set(request.file, list);
    }
    for (const [file, list] of functionsByFile) this.#level.push(this.#functions(file, list, answers));
    while (this.#level.length > 0) {
      const level = this.#level;
      this.#level = [];
      this.#depth++;
      await Promise.all(level);
    }
    return { answers, types: this.#records };
  }

  async #expression(
    request: Extract<CrawlRequest, { kind: "name" | "expression" }>,
    index: number,
    answers: CrawlAnswer[],
  ) {
    if (request.kind === "expression") {
      const type = await this.#checker.typeOfExpression(request.file, request.start, request.end);
      if (type !== undefined) answers[index] = { kind: "expression", type: this.#visit(type) };
      return;
    }
    const { file, position } = request;
    const declaration = request.isReference ? await this.#declarationAt(file, position) : null;
    const [type] = await this.#checker.typesAt(file, [position]);
    if (type === undefined) return;
    answers[index] = { kind: "expression", type: this.#visit(type), ...(declaration === null ? {} : { declaration }) };
  }

  async #declarationAt(file: string, position: number): Promise<DeclarationKey | null> {
    const [symbol] = await this.#checker.symbolsAt(file, [position]);
    if (symbol === undefined) return null;
    return this.#checker.symbolFacts(await this.#checker.originOf(symbol)).declaration;
  }

  /** The types below `[contract]`, which tenon's declarations put into the types of what they return. */
  async #contract(request: Extract<CrawlRequest, { kind: "contract" }>, index: number, answers: CrawlAnswer[]) {
    const { file, start, end, position } = request;
    const [type, symbols] = await Promise.all([
      this.#checker.typeOfExpression(file, start, end),
      position === null ? [] : this.#checker.symbolsAt(file, [position]),
    ]);
    if (type === undefined) return;
    const types = await this.#contractTypes(type);
    if (types === null) return;
    const symbol = symbols[0];
    const description = symbol === undefined ? "" : await this.#describe(this.#checker.symbolFacts(symbol));
    answers[index] = { kind: "contract", types, ...(description === "" ? {} : { description }) };
  }

  async #contractTypes(type: T): Promise<Record<string, number> | null> {
    const contract = await this.#contractOf(type);
    if (contract === undefined) return null;
    const members = await this.#checker.membersOf(contract.type);
    return Object.fromEntries(members.properties.map((property) => [property.name, this.#visit(property.type)]));
  }

  /** Of the value itself or, where that is a class, of its instances. */
  async #contractOf(type: T): Promise<PropertyFacts<T, S> | undefined> {
    const isContract = ({ name }: PropertyFacts<T, S>) => name.startsWith("__@contract");
    const { properties } = await this.#checker.membersOf(type);
    const own = properties.find(isContract);
    const prototype = properties.find(({ name }) => name === "prototype");
    if (own !== undefined || prototype === undefined) return own;
    return (await this.#checker.membersOf(prototype.type)).properties.find(isContract);
  }

  async #functions(file: string, list: readonly FunctionAt[], answers: CrawlAnswer[]) {
    const positions = list.map(({ position }) => position);
    const [types, symbols] = await Promise.all([
      this.#checker.typesAt(file, positions),
      this.#checker.symbolsAt(file, positions),
    ]);
    await Promise.all(
      list.map(async ({ index, position, end }, i) => {
        const isNamed = end === undefined;
        const type = isNamed ? types[i] : await this.#checker.typeOfExpression(file, position, end);
        const symbol = isNamed ? symbols[i] : undefined;
        if (type === undefined) return;
        const [signature, description, contract] = await Promise.all([
          this.#checker.signatureOf(type),
          symbol === undefined ? "" : this.#describe(this.#checker.symbolFacts(symbol)),
          this.#checker.mayHaveContract(type) ? this.#contractTypes(type) : null,
        ]);
        if (contract !== null) {
          // What callers see of an endpoint with schemas is not what its handler takes and returns.
          answers[index] = { kind: "contract", types: contract, ...(description === "" ? {} : { description }) };
          return;
        }
        if (signature === null) return;
        answers[index] = {
          kind: "function",
          isGeneric: signature.isGeneric,
          parameter: signature.parameter === null ? null : this.#visit(signature.parameter),
          returns: this.#visit(signature.awaitedReturn),
          ...(description === "" ? {} : { description }),
        };
      }),
    );
  }

  /** Starts the walk of a type unless it has been started; its record is there when the crawl is over. */
  #visit(type: T): number {
    const id = this.#checker.idOf(type);
    if (!this.#started.has(id)) {
      this.#started.add(id);
      if (this.#depth > maxDepth) {
        this.#records.set(id, { kind: "keyword", name: "unresolved" });
        return id;
      }
      const record = this.#record(type, id);
      // When the compiler is lost, its level may never come to be awaited; the operation as a whole has failed by then.
      record.catch(() => {});
      this.#level.push(record);
    }
    return id;
  }

  async #record(type: T, id: number): Promise<void> {
    const shape = await this.#checker.shapeOf(type);
    this.#records.set(id, await this.#recordOf(type, shape));
  }

  async #recordOf(type: T, shape: Shape<T, S>): Promise<TypeRecord> {
    switch (shape.kind) {
      case "literal": {
        const { value } = shape;
        const member = shape.isEnum ? await this.#enum(type) : null;
        return member === null ? { kind: "literal", value } : { kind: "literal", value, enum: member };
      }
      case "template":
        return { kind: "template", texts: shape.texts, types: shape.types.map((part) => this.#visit(part)) };
      case "string-mapping":
        return { kind: "string-mapping", mapping: shape.mapping, target: this.#visit(shape.target) };
      case "union": {
        const types = shape.types.map((option) => this.#visit(option));
        return { kind: "union", types, ...(await this.#named(shape.name)) };
      }
      case "intersection":
        return this.#intersection(type, shape);
      case "tuple": {
        const elements = shape.elements.map((element) => ({ ...element, type: this.#visit(element.type) }));
        return { kind: "tuple", elements, ...(await this.#named(shape.name)) };
      }
      case "object":
        return this.#object(type, shape);
      default:
        return shape;
    }
  }

  async #enum(literal: T): Promise<EnumRecord | null> {
    const facts = await this.#checker.enumOf(literal);
    if (facts === null || facts.declaration === null) return null;
    const known = this.#enums.get(facts.declaration);
    if (known !== undefined) return known;
    const record = { name: facts.name, declaration: facts.declaration, size: facts.size };
    this.#enums.set(facts.declaration, record);
    return record;
  }

  async #intersection(type: T, shape: Extract<Shape<T, S>, { kind: "intersection" }>): Promise<TypeRecord> {
    const types = shape.types.map((part) => this.#visit(part));
    const parts = await Promise.all(shape.types.map((part) => this.#checker.shapeOf(part)));
    // A branded primitive or Date: the members would be all the methods of String or Date.
    const isBrand = (
      await Promise.all(
        parts.map(async (part, i) => {
          if (part.kind !== "object" || this.#builtin(part) !== null || isArray(part)) return true;
          return part.isClass && this.#isDecimal(await this.#checker.membersOf(shape.types[i]!));
        }),
      )
    ).includes(true);
    const members = isBrand
      ? { properties: [], index: [] }
      : await this.#members(await this.#checker.membersOf(type), false);
    return { kind: "intersection", types, members, ...(await this.#named(shape.name)) };
  }

  async #object(type: T, shape: Extract<Shape<T, S>, { kind: "object" }>): Promise<TypeRecord> {
    const own = shape.own;
    if (own !== null && isArray(shape)) {
      const items = own.typeArguments[0];
      const alias = shape.name?.symbol === own.symbol ? null : shape.name;
      if (items !== undefined) return { kind: "array", items: this.#visit(items), ...(await this.#named(alias)) };
    }
    const builtin = this.#builtin(shape);
    if (builtin !== null && own !== null) {
      return { kind: "builtin", builtin, typeArguments: own.typeArguments.map((argument) => this.#visit(argument)) };
    }
    const facts = await this.#checker.membersOf(type);
    if (facts.isCallable) return { kind: "function" };
    if (shape.isClass && this.#isDecimal(facts)) return { kind: "builtin", builtin: "Decimal", typeArguments: [] };
    const method = facts.properties.find(isNamedMethod);
    if (method !== undefined && own !== null && isPlatform(own.file)) {
      return { kind: "builtin", builtin: own.name, typeArguments: [] };
    }
    // A library's interface with methods is refused for its first one; what lies behind the others can be thousands of types.
    const isRefused = method !== undefined && !shape.isClass && isForeign(own?.file ?? null);
    const members = await this.#members(isRefused ? { ...facts, properties: [method] } : facts, shape.isClass);
    return { kind: "object", members, isClass: shape.isClass, ...(await this.#named(shape.name)) };
  }

  /** tenon's own class carries a mark, wherever it was imported from. */
  #isDecimal({ properties }: MemberFacts<T, S>): boolean {
    return properties.some(({ name }) => name.startsWith("__@tenonDecimal"));
  }

  #builtin(shape: Extract<Shape<T, S>, { kind: "object" }>): string | null {
    const { own } = shape;
    return own !== null && builtinNames.has(own.name) && isPlatform(own.file) ? own.name : null;
  }

  async #members(facts: MemberFacts<T, S>, isClass: boolean): Promise<Members> {
    const ordered = facts.isMapped ? [...facts.properties].sort(byDeclaration) : facts.properties;
    const properties = await Promise.all(
      ordered.map(async (property): Promise<PropertyRecord> => {
        const [isHidden, description, tags] = await Promise.all([
          isClass && this.#checker.isHidden(property.symbol),
          this.#describe(property),
          this.#ruleTags(property),
        ]);
        return {
          name: property.name,
          type: isHidden ? this.#checker.idOf(property.type) : this.#visit(property.type),
          isOptional: property.isOptional,
          isMethod: property.isMethod,
          isAccessor: property.isAccessor,
          isHidden,
          ...(property.declaration === null ? {} : { declaration: property.declaration }),
          ...(description === "" ? {} : { description }),
          ...(tags.length === 0 ? {} : { tags: facts.isMapped ? tags.filter(({ name }) => name !== "default") : tags }),
        };
      }),
    );
    const index = facts.index.map(({ key, value }) => ({ key: this.#visit(key), value: this.#visit(value) }));
    return { properties, index };
  }

  async #named(facts: NameFacts<T, S> | null): Promise<{ name?: TypeName }> {
    if (facts === null || facts.declaration === null) return {};
    const typeArguments = facts.typeArguments.map((argument) => this.#visit(argument));
    const [description, tags] = await Promise.all([this.#describe(facts), this.#ruleTags(facts)]);
    const name = {
      name: facts.name,
      typeArguments,
      declaration: facts.declaration,
      isStandardLibrary: isStandardLibrary(facts.file),
      ...(description === "" ? {} : { description }),
      ...(tags.length === 0 ? {} : { tags }),
    };
    return { name };
  }

  async #ruleTags(facts: SymbolFacts<S>): Promise<readonly DocTag[]> {
    if (facts.file === null || isStandardLibrary(facts.file) || !mayHaveRuleTags(facts.file, facts.name)) return [];
    const tags = await this.#checker.docTagsOf(facts.symbol);
    return tags.filter(({ name }) => isRuleTag(name)).map(({ name, text }) => ({ name, text: text.trim() }));
  }

  async #describe(facts: SymbolFacts<S>): Promise<string> {
    if (facts.file === null || isStandardLibrary(facts.file) || !mayHaveDescription(facts.file, facts.name)) return "";
    return (await this.#checker.descriptionOf(facts.symbol)).trim();
  }
}

/** A method under a symbol is passed over, as brands are. */
function isNamedMethod({ isMethod, name }: PropertyFacts<unknown, unknown>): boolean {
  return isMethod && !name.startsWith("__@");
}

/** Declared ones as they are declared, the others after them by name. */
function byDeclaration(a: SymbolFacts<unknown>, b: SymbolFacts<unknown>): number {
  if (a.declaration === null || b.declaration === null) {
    return a.declaration === b.declaration ? compare(a.name, b.name) : a.declaration === null ? 1 : -1;
  }
  const [fileA, numberA] = a.declaration.split("#");
  const [fileB, numberB] = b.declaration.split("#");
  return compare(fileA!, fileB!) || Number(numberA) - Number(numberB) || compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isArray<T, S>(shape: Extract<Shape<T, S>, { kind: "object" }>): boolean {
  const { own } = shape;
  return own !== null && (own.name === "Array" || own.name === "ReadonlyArray") && isStandardLibrary(own.file);
}
