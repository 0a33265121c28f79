// The application graph, written to `.tenon/app.json`: what the app is made of. The compiler writes it and everybody else reads
// it. Sorted by name throughout, so that the same app gives the same bytes.
import type { ErrorCode } from "./error-code.ts";
import type { Schema, Schemas } from "./schema.ts";

export interface Graph {
  readonly version: 1;
  readonly app: {
    readonly id: string;
    readonly cors?: Cors;
    /** Responses that do not match their type are sent all the same; absent: they are refused. */
    readonly responses?: "loose";
    /** How many processes serve where nobody says otherwise; "cores": as many as the machine has. Absent: one. */
    readonly workers?: number | "cores";
    /** node:http serves every request. Absent: the runtime's own server serves those it can. */
    readonly fastLane?: false;
    /** The part of the app that this graph is for; of the rest it names only what that part needs. Absent: all of the app. */
    readonly unit?: GraphUnit;
  };
  readonly services: readonly Service[];
  readonly databases: readonly Database[];
  readonly secrets: readonly Secret[];
  /** The rest is absent where there is none. */
  readonly gateways?: readonly Gateway[];
  /** Around the endpoints of all services, outside of each service's own; in the order in which they run. */
  readonly middleware?: readonly Middleware[];
  readonly authHandlers?: readonly AuthHandler[];
  readonly cronJobs?: readonly CronJob[];
  readonly metrics?: readonly Metric[];
  readonly topics?: readonly Topic[];
  readonly buckets?: readonly Bucket[];
  readonly caches?: readonly CacheCluster[];
  readonly schemas: Schemas;
}

/** Part of an app that has a build of its own. */
export interface GraphUnit {
  /** Names of the services that it hosts, sorted. */
  readonly services: readonly string[];
  /** It has the public door. */
  readonly gateway: boolean;
}

/** In the graph of a unit "" and zeros for what stands in the folders of others. */
export interface Location {
  /** Relative to the app's folder, with forward slashes. */
  readonly file: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

export interface Service {
  readonly name: string;
  /** Relative to the app's folder, with forward slashes; "." is the app's folder itself. */
  readonly directory: string;
  readonly description?: string;
  readonly endpoints: readonly Endpoint[];
  /** Endpoints of other services that this one's code calls through the generated clients. */
  readonly calls: readonly { readonly service: string; readonly endpoint: string }[];
  /** Names of the databases and secrets its code uses. */
  readonly databases: readonly string[];
  readonly secrets: readonly string[];
  /** Of its endpoints, in the order in which they run. */
  readonly middleware?: readonly Middleware[];
  /** Its typed settings; absent: it has none. */
  readonly config?: Schema;
}

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" | "TRACE" | "CONNECT";

/**
 * How requests and answers travel. `typed`: one JSON value each way; `raw`: the user's code has Node's request and response;
 * `stream-*`: messages over a WebSocket, in which direction the client sees them (`in`: it sends); `sse`: server-sent events;
 * `http-stream`: one JSON value a line, as the handler yields them; `static`: files.
 */
export type EndpointKind =
  | "typed"
  | "raw"
  | "stream-in"
  | "stream-out"
  | "stream-in-out"
  | "sse"
  | "http-stream"
  | "static";

export interface Endpoint {
  readonly name: string;
  readonly kind: EndpointKind;
  readonly description?: string;
  /** At least one, in order of declaration; "*" in the source is written out. */
  readonly methods: readonly HttpMethod[];
  readonly path: Path;
  /** Reachable from outside through the gateway. */
  readonly expose: boolean;
  readonly auth: boolean;
  readonly sensitive: boolean;
  readonly tags: readonly string[];
  /** null: no limit. Of a stream: of one message. */
  readonly bodyLimitBytes: number | null;
  /** Of streams and server-sent events: how often a quiet connection is made to say that it is alive; absent: never. */
  readonly heartbeatMs?: number;
  /** Fields that the request type does not mention are refused; otherwise they are dropped. */
  readonly strict?: boolean;
  /** Absent: the handler takes nothing. Always an object schema once refs are resolved. Of a stream: its handshake. */
  readonly request?: Schema;
  /** Where each top-level request field is found on the public HTTP side. In a typed service call all of it is the JSON body. */
  readonly fields: readonly RequestField[];
  /** Absent: the handler returns nothing. Of a stream: what closes it. */
  readonly response?: Schema;
  /** Of kinds with many messages: `incoming` from the client, `outgoing` to it. */
  readonly messages?: { readonly incoming?: Schema; readonly outgoing?: Schema };
  /** Errors that belong to the contract, besides those that every endpoint can give. */
  readonly errors?: readonly DeclaredError[];
  readonly static?: StaticFiles;
  readonly location: Location;
}

export interface DeclaredError {
  readonly code: ErrorCode;
  /** Word that tells it from other errors of the same code; travels as `type`. */
  readonly type?: string;
  readonly description?: string;
  /** Type of `details`. */
  readonly details?: Schema;
}

export interface StaticFiles {
  /** Relative to the app's folder, with forward slashes. */
  readonly directory: string;
  /** File that answers paths without one, relative to the app's folder. */
  readonly notFound?: string;
  readonly notFoundStatus: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Code around the handlers of the endpoints it targets. */
export interface Middleware {
  /** As it is bound in the source; "" when it is not. */
  readonly name: string;
  readonly location: Location;
}

/** A public door. */
export interface Gateway {
  readonly name: string;
  /** Names of `Graph.authHandlers`, tried in order. */
  readonly authHandlers: readonly string[];
  /** Host names it answers for, without ports, "*" in each for some characters; absent: all that no other one names. */
  readonly hosts?: readonly string[];
  /** It serves exposed endpoints with at least one of these; absent: all that are exposed. */
  readonly tags?: readonly string[];
  /** The service that runs its `onRequest`; absent: it has none. */
  readonly service?: string;
  readonly location: Location;
}

/** Turns what a request carries into who is asking. */
export interface AuthHandler {
  readonly name: string;
  /** The service that runs it. */
  readonly service: string;
  /** Its parameters: fields in headers, cookies and the query. */
  readonly params: Schema;
  readonly fields: readonly RequestField[];
  /** What `getAuthData()` gives. */
  readonly data: Schema;
  readonly location: Location;
}

/** How the gateway answers other origins. */
export interface Cors {
  readonly debug?: boolean;
  readonly allowHeaders?: readonly string[];
  readonly exposeHeaders?: readonly string[];
  /** Absent: all. */
  readonly allowOriginsWithoutCredentials?: readonly string[];
  /** Absent: none. */
  readonly allowOriginsWithCredentials?: readonly string[];
}

export interface CronJob {
  readonly name: string;
  readonly title?: string;
  /** The endpoint it calls; takes nothing. */
  readonly service: string;
  readonly endpoint: string;
  readonly schedule:
    | { readonly kind: "every"; readonly seconds: number }
    /** Five fields: minute, hour, day of month, month, day of week. */
    | { readonly kind: "cron"; readonly expression: string; readonly timeZone: string };
  /** What happens when a run is due while the one before still runs. */
  readonly overlap: "skip" | "allow";
  /** What happens after a downtime to the runs that were missed: nothing, or the last of them is made up for. */
  readonly catchUp: "none" | "last";
  readonly location: Location;
}

export interface Metric {
  readonly name: string;
  readonly kind: "counter" | "gauge" | "histogram";
  readonly labels: readonly string[];
  readonly services: readonly string[];
  readonly location: Location;
}

export interface Topic {
  readonly name: string;
  readonly message: Schema;
  readonly deliveryGuarantee: "at-least-once" | "exactly-once";
  readonly orderingAttribute?: string;
  /** Fields that travel beside the message. */
  readonly attributes: readonly string[];
  /** Services whose code publishes to it. */
  readonly publishers: readonly string[];
  readonly subscriptions: readonly Subscription[];
  readonly location: Location;
}

export interface Subscription {
  readonly name: string;
  readonly service: string;
  /** It takes only messages with one of the values in each of these attributes, as text; absent: all. */
  readonly filter?: Readonly<Record<string, readonly string[]>>;
  /** Its handler takes several messages at once; absent: one by one. */
  readonly batch?: { readonly maxSize: number; readonly maxWaitMs: number };
  /** Its code is told of messages before they become dead letters; absent: it is not. */
  readonly hasDeadLetterHandler?: true;
  /**
   * What its handler writes to `database` and the acknowledgement are one, on every engine. Absent: what a handler did before it failed, or
   * before its process ended, is done again.
   */
  readonly effect?: "exactly-once";
  /** The database of its service in whose transactions it takes its messages. */
  readonly database?: string;
  /** null: no limit. */
  readonly maxConcurrency: number | null;
  readonly ackDeadlineMs: number;
  readonly messageRetentionMs: number;
  readonly retryPolicy: { readonly minBackoffMs: number; readonly maxBackoffMs: number; readonly maxRetries: number };
  readonly location: Location;
}

export interface Bucket {
  readonly name: string;
  readonly isPublic: boolean;
  readonly isVersioned: boolean;
  readonly services: readonly string[];
  readonly location: Location;
}

export interface CacheCluster {
  readonly name: string;
  readonly evictionPolicy: string;
  readonly services: readonly string[];
  readonly location: Location;
}

export interface Path {
  /** As in the source, always starting with "/": "/users/:id", "/files/*path", "/!rest". */
  readonly pattern: string;
  readonly segments: readonly PathSegment[];
}

export type PathSegment =
  | { readonly kind: "literal"; readonly value: string }
  /** One segment, percent-decoded. */
  | { readonly kind: "param"; readonly name: string }
  /** The rest of the path; only last. Of raw and static endpoints also empty, of all others at least one character. */
  | { readonly kind: "wildcard"; readonly name: string }
  /** The rest of the path, also empty, when no other route matches; only last. */
  | { readonly kind: "fallback"; readonly name: string };

export interface RequestField {
  readonly name: string;
  readonly in: "path" | "query" | "header" | "cookie" | "body";
  /** Name on the wire: header names in lower case, query and body names as declared or renamed. */
  readonly wireName: string;
}

export interface Database {
  readonly name: string;
  /** The service that owns it: whose folder declares it, else the first that uses it. */
  readonly service: string;
  /** The other services whose code uses it, sorted; absent: none. */
  readonly sharedWith?: readonly string[];
  /** Folder of migrations relative to the app's folder; absent: no migrations. */
  readonly migrations?: string;
  /** The tool that wrote the migrations, which decides how the folder is laid out; absent: `N_name.up.sql` files. */
  readonly migrationSource?: "prisma" | "drizzle" | "drizzle/v1";
  readonly location: Location;
}

export interface Secret {
  readonly name: string;
  readonly services: readonly string[];
  readonly location: Location;
}

/** Whether messages may leave in transactions of a database, or are taken in them: it needs tables for that. */
export function needsOutbox(graph: Pick<Graph, "services" | "topics">, database: string): boolean {
  const { topics = [] } = graph;
  return (
    leavingTopics(graph, database).length > 0 ||
    topics.some(({ subscriptions }) => subscriptions.some((one) => one.database === database))
  );
}

/** Names of topics whose messages may leave in transactions of a database: any process that has it and a broker sends them on. */
export function leavingTopics(
  { services, topics = [] }: Pick<Graph, "services" | "topics">,
  database: string,
): readonly string[] {
  const users = services.filter(({ databases }) => databases.includes(database)).map(({ name }) => name);
  return topics.filter(({ publishers }) => publishers.some((one) => users.includes(one))).map(({ name }) => name);
}

/** Whether a service publishes to a topic or takes from it. */
export function usesTopic({ name }: Pick<Service, "name">, { publishers, subscriptions }: Topic): boolean {
  return publishers.includes(name) || subscriptions.some(({ service }) => service === name);
}
