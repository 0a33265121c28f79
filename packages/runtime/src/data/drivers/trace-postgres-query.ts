// Makes a span of every statement of a copy of postgres.js (`postgres`). A query of it is a promise that starts when somebody waits for
// it, then stands in a queue, and has a text only once a connection takes it: the span begins there, in the call of who waits.
import { AsyncResource } from "node:async_hooks";
import type { RecordingSpan } from "../../telemetry/span.ts";
import { endDriverSpan, failDriverSpan, startDriverSpan } from "./driver-span.ts";

type Settle = (value: unknown) => void;

interface PostgresQuery {
  readonly executed: boolean;
  resolve: Settle;
  reject: Settle;
  handle(): unknown;
}

interface PostgresConnection {
  execute(query: PostgresQuery): unknown;
  connect(query: PostgresQuery): unknown;
}

type CreateConnection = (options: { readonly database?: string }, ...rest: unknown[]) => PostgresConnection;

interface Observed {
  readonly caller: AsyncResource;
  /** Name on the server; undefined until a connection takes the query. What the driver asks for itself never has one. */
  database: string | undefined;
  text: string | undefined;
  span: RecordingSpan | undefined;
}

const observedQueries = new WeakMap<object, Observed>();

/** `Query`: the class of postgres/src/query.js. */
export function tracePostgresQuery(Query: { readonly prototype: PostgresQuery }): void {
  const original = Query.prototype.handle;
  Query.prototype.handle = function handle() {
    if (!this.executed) observe(this);
    return original.call(this);
  };
  // The connection puts the finished text here just before it sends it.
  Object.defineProperty(Query.prototype, "string", {
    configurable: true,
    get() {
      return observedQueries.get(this)?.text;
    },
    set(text: string) {
      const observed = observedQueries.get(this) ?? observe(this);
      observed.text = text;
      const { caller, database } = observed;
      if (database !== undefined) observed.span ??= caller.runInAsyncScope(() => startDriverSpan(text, database));
    },
  });
}

/** `create`: the function that postgres/src/connection.js exports. */
export function tracePostgresConnection(create: CreateConnection): CreateConnection {
  return (options, ...rest) => {
    const connection = create(options, ...rest);
    const { execute, connect } = connection;
    const note = (query: PostgresQuery): PostgresQuery => {
      const observed = observedQueries.get(query);
      if (observed !== undefined) observed.database = options.database;
      return query;
    };
    connection.execute = (query) => execute(note(query));
    connection.connect = (query) => connect(note(query));
    return connection;
  };
}

function observe(query: PostgresQuery): Observed {
  const observed: Observed = {
    caller: new AsyncResource("PostgresQuery"),
    database: undefined,
    text: undefined,
    span: undefined,
  };
  observedQueries.set(query, observed);
  onSettled(query, "resolve", (result) => {
    if (observed.span !== undefined) endDriverSpan(observed.span, Array.isArray(result) ? result.length : undefined);
  });
  onSettled(query, "reject", (error) => {
    if (observed.span !== undefined) failDriverSpan(observed.span, error);
  });
  return observed;
}

/** The driver puts other functions in these places while a query runs (cursors do): the last one is called, through ours. */
function onSettled(query: PostgresQuery, key: "resolve" | "reject", end: Settle): void {
  let last = query[key];
  Object.defineProperty(query, key, {
    configurable: true,
    enumerable: true,
    get: (): Settle => (value) => {
      end(value);
      last(value);
    },
    set: (next: Settle) => {
      last = next;
    },
  });
}
