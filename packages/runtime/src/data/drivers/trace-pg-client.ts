// Makes a span of every statement of a copy of `pg`, whoever uses it: node-postgres itself, Knex, Kysely, Sequelize, TypeORM, Drizzle,
// Prisma's adapter. Our own connections are left out, since their statements have spans already.
import { AsyncResource } from "node:async_hooks";
import { endDriverSpan, failDriverSpan, startDriverSpan } from "./driver-span.ts";

type Callback = (error: unknown, result?: unknown) => void;

/** What we need to know of pg.Client, in any version. */
interface PgClient {
  readonly database?: string;
}

type QueryMethod = (this: PgClient, ...args: unknown[]) => unknown;

/** Something that runs itself on the connection, such as a cursor or a stream. */
interface Submittable {
  submit(connection: unknown): void;
  readonly text?: string;
  readonly cursor?: { readonly text?: string };
  callback?: Callback;
  once?(event: string, listener: (value: unknown) => void): void;
}

const untraced = new WeakSet<object>();
const traced = new WeakSet<object>();

/** The statements of this connection have spans by other means. */
export function leaveUntraced(client: object): void {
  untraced.add(client);
}

/** `exported`: what pg/lib/client.js exports. Safe to repeat. */
export function tracePgClient(exported: unknown): void {
  const prototype = prototypeWith<{ query: QueryMethod }>(exported, "query");
  if (prototype === undefined || traced.has(prototype)) return;
  traced.add(prototype);
  const original = prototype.query;
  prototype.query = function query(...args) {
    const text = untraced.has(this) ? undefined : textOf(args[0]);
    return text === undefined ? original.apply(this, args) : tracedQuery(this, original, text, args);
  };
}

/** `exported`: what pg-pool exports. A connection that was waited for is used in the call of who waited, not of who gave it back. */
export function keepCallsInPgPool(exported: unknown): void {
  const prototype = prototypeWith<{ connect(callback?: Callback): unknown }>(exported, "connect");
  if (prototype === undefined || traced.has(prototype)) return;
  traced.add(prototype);
  const original = prototype.connect;
  prototype.connect = function connect(callback) {
    return original.call(this, callback === undefined ? undefined : AsyncResource.bind(callback));
  };
}

function prototypeWith<T>(exported: unknown, method: keyof T & string): T | undefined {
  const prototype: unknown = typeof exported === "function" ? exported.prototype : undefined;
  const has = typeof (prototype as Record<string, unknown> | undefined)?.[method] === "function";
  return has ? (prototype as T) : undefined;
}

function textOf(query: unknown): string | undefined {
  if (typeof query === "string") return query;
  const { text, cursor } = (query ?? {}) as Partial<Submittable>;
  return text ?? cursor?.text;
}

function tracedQuery(client: PgClient, original: QueryMethod, text: string, args: unknown[]): unknown {
  const span = startDriverSpan(text, client.database);
  const settle: Callback = (error, result) => {
    if (error) failDriverSpan(span, error);
    else endDriverSpan(span, rowsOf(result));
  };
  const run = (): unknown => {
    if (isSubmittable(args[0])) return submitted(args[0], settle, () => original.apply(client, args));
    const withCallback = args.findIndex((argument) => typeof argument === "function");
    if (withCallback === -1) return answered(original.apply(client, args) as Promise<unknown>, settle);
    const callback = AsyncResource.bind(args[withCallback] as Callback);
    const observed: Callback = (error, result) => {
      settle(error, result);
      callback(error, result);
    };
    return original.apply(client, args.with(withCallback, observed));
  };
  try {
    return run();
  } catch (error) {
    failDriverSpan(span, error);
    throw error;
  }
}

function isSubmittable(query: unknown): query is Submittable {
  return typeof (query as Submittable | null)?.submit === "function";
}

/** What the caller gets is what the driver gave: a subclass of Promise stays one. */
function answered(answer: Promise<unknown> | undefined, settle: Callback): unknown {
  answer?.then(
    (result) => settle(undefined, result),
    (error: unknown) => settle(error),
  );
  return answer;
}

function submitted(query: Submittable, settle: Callback, run: () => unknown): unknown {
  const { callback } = query;
  if (callback !== undefined) {
    query.callback = (error, result) => {
      settle(error, result);
      callback(error, result);
    };
  } else {
    query.once?.("error", (error) => settle(error));
    for (const event of ["end", "close"]) query.once?.(event, (result) => settle(undefined, result));
  }
  return run();
}

/** Several statements in one text give an array of results: then it is the last one's rows that count. */
function rowsOf(result: unknown): number | undefined {
  const last: unknown = Array.isArray(result) ? result.at(-1) : result;
  const { rows } = (last ?? {}) as { rows?: unknown };
  return Array.isArray(rows) ? rows.length : undefined;
}
