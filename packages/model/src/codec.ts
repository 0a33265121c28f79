// The contract between the generated code of an app and the runtime that loads it: one codecs module and one bundle per service.
import type { Issue } from "./error-code.ts";

/**
 * Generated functions for one schema. `decode` and `copy` push to `issues` what is wrong, all of it, and return a value that is
 * meaningful only when nothing was pushed. They return fresh values with exactly the declared fields, never the input's objects.
 */
export interface Codec {
  /** JSON value as parsed -> value in memory. */
  decode(wire: unknown, issues: Issue[]): unknown;
  /** Value in memory -> value for JSON.stringify, projected and checked like `copy`. */
  encode(value: unknown, issues: Issue[]): unknown;
  /** Value in memory -> checked, projected deep copy: what a call within the process hands over. Same outcome as encode, JSON, decode. */
  copy(value: unknown, issues: Issue[]): unknown;
}

/** What a public HTTP request offers to a decoder. */
export interface RawRequest {
  readonly method: string;
  /** Percent-decoded path parameters, in the order in which the pattern names them. */
  readonly params: readonly string[];
  /** The query as it stands behind "?", without it; "" when there is none. */
  readonly query: string;
  /** One header by its lower-case name; one that is repeated as a single list (RFC 9110, 5.3), cookies joined with "; ". */
  header(name: string): string | undefined;
  /** Parsed JSON; undefined when the request had no body. */
  readonly body: unknown;
}

export interface EndpointCodec {
  /** null: the handler takes nothing. */
  readonly request: (Codec & { decodeHttp(raw: RawRequest, issues: Issue[]): unknown }) | null;
  /** null: the handler returns nothing. */
  readonly response: ResponseCodec | null;
  /** Of the details of declared errors, by their type; absent where there are none. */
  readonly errors?: Readonly<Record<string, Codec>>;
  /** Messages of a stream from the client, and to it; absent where there are none. */
  readonly incoming?: Codec;
  readonly outgoing?: Codec;
}

export interface AuthHandlerCodec {
  /** Of what the request carries; issues mean that it is not meant for this handler. */
  readonly params: { decodeHttp(raw: RawRequest, issues: Issue[]): unknown };
  readonly data: Codec;
  /** Of data that the options of a call give; absent: the same. */
  readonly givenData?: Codec;
}

export interface ResponseCodec extends Codec {
  /**
   * Moves header fields out of an encoded response into `headers` (lower-case names); absent when the type has none.
   */
  readonly takeHeaders?: (wire: Record<string, unknown>, headers: Record<string, string>) => void;
  /** Moves the HTTP status out of an encoded response; undefined when the value has none. Absent when the type has none. */
  readonly takeStatus?: (wire: Record<string, unknown>) => number | undefined;
  /** Moves cookies out of an encoded response: each becomes the value of one `set-cookie`. Absent when the type has none. */
  readonly takeCookies?: (wire: Record<string, unknown>, setCookies: string[]) => void;
}

/** `codecs/<service>.js` of a build: endpoint name -> codec. */
export interface CodecsModule {
  readonly codecs: Readonly<Record<string, EndpointCodec>>;
  /** Auth handlers of the service, by name. */
  readonly authHandlers?: Readonly<Record<string, AuthHandlerCodec>>;
  /** Messages of the topics that the service publishes to or takes from, by name of the topic. */
  readonly topics?: Readonly<Record<string, Codec>>;
  /** Of the service's typed settings. */
  readonly config?: Codec;
}

/** `services/<service>.js` of a build: what the user's files export, by name. */
export interface ServiceModule {
  /** Endpoint name -> the user's function, or what `api.static` and its like returned. */
  readonly handlers: Readonly<Record<string, unknown>>;
  /** The default export of the service's marker file: its `Service`; absent where there is no such file. */
  readonly service?: unknown;
  /** The default export of `tenon.app.ts`: the `App`; absent where there is no such file. */
  readonly app?: unknown;
  /** What was declared under a name and run time needs to get hold of: "auth-handler auth" -> the value. */
  readonly resources?: Readonly<Record<string, unknown>>;
}
