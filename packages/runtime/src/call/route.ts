// Finds the route for a path and method. Routes form a tree of segments; at each level a literal beats a parameter beats a wildcard,
// with the way back open, and fallbacks come last. A route only counts if it has the method: of two that match the path, the more
// specific one that answers the method is taken. "/a", "/a/" and "//a" are three different paths. Every segment is percent-decoded
// once, after the path has been split, so that an encoded "/" never separates segments.
import type { HttpMethod, PathSegment } from "@tenon/model";

export interface Route<T> {
  readonly methods: readonly HttpMethod[];
  readonly segments: readonly PathSegment[];
  /** A wildcard at the end also stands for nothing: "/files/*path" for "/files/" and "/files". Default: at least one character. */
  readonly restCanBeEmpty?: boolean;
  readonly value: T;
}

/** `params`: percent-decoded, in the order in which the segments name them. */
export type RouteMatch<T> =
  | { readonly kind: "found"; readonly value: T; readonly params: readonly string[] }
  | { readonly kind: "not-found" }
  /** The path exists. `allow` lists what it answers, with the HEAD and OPTIONS that are answered for every path. */
  | { readonly kind: "method-not-allowed"; readonly allow: readonly string[] }
  | { readonly kind: "bad-encoding"; readonly segment: string };

interface Leaf<T> {
  readonly value: T;
  readonly restCanBeEmpty: boolean;
}

type Leaves<T> = Map<string, Leaf<T>>;

interface Node<T> {
  readonly literals: Map<string, Node<T>>;
  param: Node<T> | undefined;
  readonly here: Leaves<T>;
  readonly wildcard: Leaves<T>;
  readonly fallback: Leaves<T>;
}

export interface Router<T> {
  /** `path` starts with "/" and is still percent-encoded. HEAD finds GET routes. */
  match(method: string, path: string): RouteMatch<T>;
}

/** Throws `onConflict(first, second, method)` when two routes cannot be told apart. */
export function createRouter<T>(
  routes: readonly Route<T>[],
  onConflict: (first: T, second: T, method: string) => Error,
): Router<T> {
  const root = createNode<T>();
  for (const route of routes) insert(root, route, onConflict);
  return new CompiledRouter(root, literalRoutes(routes));
}

// hot: guarded by bench/door
class CompiledRouter<T> implements Router<T> {
  private readonly root: Node<T>;
  private readonly literals: LiteralRoutes<T>;

  constructor(root: Node<T>, literals: LiteralRoutes<T>) {
    this.root = root;
    this.literals = literals;
  }

  match(method: string, path: string): RouteMatch<T> {
    const literal = this.literals.get(path)?.get(method);
    if (literal !== undefined) return literal;
    // What has to be decoded, ends in a fallback, or is not found at all is left to the search that can tell why.
    if (!path.includes("%")) {
      const params: string[] = [];
      const leaf = walk(this.root, path, path === "/" ? 2 : 1, method, params);
      if (leaf !== undefined) return { kind: "found", value: leaf.value, params };
    }
    return match(this.root, method, path);
  }
}

/** By path and method. A literal beats everything else at each level, so that no other route can be meant by such a path. */
type LiteralRoutes<T> = Map<string, Map<string, RouteMatch<T>>>;

const NO_PARAMS: readonly string[] = Object.freeze([]);

function literalRoutes<T>(routes: readonly Route<T>[]): LiteralRoutes<T> {
  const byPath: LiteralRoutes<T> = new Map();
  for (const { methods, segments, value } of routes) {
    const names = segments.map((segment) => (segment.kind === "literal" ? segment.value : ""));
    if (names.some((name) => name === "" || name.includes("%") || name.includes("/"))) continue;
    const path = `/${names.join("/")}`;
    const byMethod = byPath.get(path) ?? new Map<string, RouteMatch<T>>();
    for (const method of methods) byMethod.set(method, { kind: "found", value, params: NO_PARAMS });
    byPath.set(path, byMethod);
  }
  return byPath;
}

/** The search of `find` over a path that needs no decoding: `from` is where the next segment begins; past the end there is none. */
function walk<T>(node: Node<T>, path: string, from: number, method: string, params: string[]): Leaf<T> | undefined {
  if (from > path.length) {
    return leafFor(node.here, method, false) ?? walkRest(node.wildcard, "", method, params);
  }
  const slash = path.indexOf("/", from);
  const end = slash === -1 ? path.length : slash;
  const segment = path.slice(from, end);
  const literal = node.literals.get(segment);
  if (literal !== undefined) {
    const leaf = walk(literal, path, end + 1, method, params);
    if (leaf !== undefined) return leaf;
  }
  if (node.param !== undefined && segment !== "") {
    params.push(segment);
    const leaf = walk(node.param, path, end + 1, method, params);
    if (leaf !== undefined) return leaf;
    params.pop();
  }
  return node.wildcard.size === 0 ? undefined : walkRest(node.wildcard, path.slice(from), method, params);
}

function walkRest<T>(leaves: Leaves<T>, rest: string, method: string, params: string[]): Leaf<T> | undefined {
  const leaf = leafFor(leaves, method, rest === "");
  if (leaf !== undefined) params.push(rest);
  return leaf;
}

function leafFor<T>(leaves: Leaves<T>, method: string, isEmptyRest: boolean): Leaf<T> | undefined {
  const leaf = leaves.get(method) ?? (method === "HEAD" ? leaves.get("GET") : undefined);
  return leaf !== undefined && (leaf.restCanBeEmpty || !isEmptyRest) ? leaf : undefined;
}

function createNode<T>(): Node<T> {
  return { literals: new Map(), param: undefined, here: new Map(), wildcard: new Map(), fallback: new Map() };
}

function insert<T>(root: Node<T>, route: Route<T>, onConflict: (first: T, second: T, method: string) => Error): void {
  let node = root;
  let end: "here" | "wildcard" | "fallback" = "here";
  for (const segment of route.segments) {
    if (segment.kind === "literal") {
      let next = node.literals.get(segment.value);
      if (next === undefined) {
        next = createNode();
        node.literals.set(segment.value, next);
      }
      node = next;
      continue;
    }
    if (segment.kind === "param") {
      node.param ??= createNode();
      node = node.param;
    } else {
      end = segment.kind;
    }
  }
  const leaves = node[end];
  const restCanBeEmpty = end === "fallback" || route.restCanBeEmpty === true;
  for (const method of route.methods) {
    const taken = leaves.get(method);
    if (taken !== undefined) throw onConflict(taken.value, route.value, method);
    leaves.set(method, { value: route.value, restCanBeEmpty });
  }
}

interface Search<T> {
  readonly segments: readonly string[];
  readonly method: string;
  /** Values of the parameters on the way to the current node. */
  readonly values: string[];
  readonly allowed: Set<string>;
  leaf: Leaf<T> | undefined;
}

function match<T>(root: Node<T>, method: string, path: string): RouteMatch<T> {
  const segments = path === "/" ? [] : path.slice(1).split("/");
  for (let index = 0; index < segments.length; index++) {
    const raw = segments[index]!;
    if (!raw.includes("%")) continue;
    try {
      segments[index] = decodeURIComponent(raw);
    } catch {
      return { kind: "bad-encoding", segment: raw };
    }
  }
  const search: Search<T> = { segments, method, values: [], allowed: new Set(), leaf: undefined };
  if (find(root, 0, search) || findFallback(root, 0, search)) return found(search);
  if (search.allowed.size === 0) return { kind: "not-found" };
  if (search.allowed.has("GET")) search.allowed.add("HEAD");
  search.allowed.add("OPTIONS");
  return { kind: "method-not-allowed", allow: [...search.allowed].sort() };
}

/** Every node is visited at most once: its depth in the tree is its place in the path. */
function find<T>(node: Node<T>, depth: number, search: Search<T>): boolean {
  const segment = search.segments[depth];
  if (segment === undefined) return take(node.here, search) || takeRest(node.wildcard, depth, search);
  const literal = node.literals.get(segment);
  if (literal !== undefined && find(literal, depth + 1, search)) return true;
  if (node.param !== undefined && segment !== "") {
    search.values.push(segment);
    if (find(node.param, depth + 1, search)) return true;
    search.values.pop();
  }
  return takeRest(node.wildcard, depth, search);
}

function findFallback<T>(node: Node<T>, depth: number, search: Search<T>): boolean {
  const segment = search.segments[depth];
  if (segment !== undefined) {
    const literal = node.literals.get(segment);
    if (literal !== undefined && findFallback(literal, depth + 1, search)) return true;
    if (node.param !== undefined && segment !== "") {
      search.values.push(segment);
      if (findFallback(node.param, depth + 1, search)) return true;
      search.values.pop();
    }
  }
  return takeRest(node.fallback, depth, search);
}

/** The rest of the path as one value. */
function takeRest<T>(leaves: Leaves<T>, depth: number, search: Search<T>): boolean {
  if (leaves.size === 0) return false;
  const rest = search.segments.slice(depth).join("/");
  search.values.push(rest);
  if (take(leaves, search, rest === "")) return true;
  search.values.pop();
  return false;
}

function take<T>(leaves: Leaves<T>, search: Search<T>, isEmptyRest = false): boolean {
  const leaf = leafFor(leaves, search.method, isEmptyRest);
  if (leaf !== undefined) {
    search.leaf = leaf;
    return true;
  }
  for (const [method, other] of leaves) if (other.restCanBeEmpty || !isEmptyRest) search.allowed.add(method);
  return false;
}

function found<T>(search: Search<T>): RouteMatch<T> {
  return { kind: "found", value: search.leaf!.value, params: search.values };
}
