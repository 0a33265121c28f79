// Turns what a handler returned into what leaves the service: exactly the declared fields. A handler that breaks its own contract is
// at fault, not its caller: that is an unexpected error, reported on this side.
import type { Issue } from "@tenon/model";
import type { HostedEndpoint } from "./hosted-endpoint.ts";

export interface EncodedResponse {
  /** JSON text; undefined when there is nothing to send. */
  readonly body: string | undefined;
  readonly headers: Record<string, string | string[]>;
  /** What the value says of it; undefined: nothing. */
  readonly status: number | undefined;
}

/** RFC 9110, 5.5: what a header value may hold; one line, so that nobody can add headers of their own. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** For a public answer: fields of the type that are the status, headers or cookies move there. */
export function encode(hosted: HostedEndpoint, value: unknown): EncodedResponse {
  const codec = hosted.codec.response;
  if (codec === null) return { body: undefined, headers: {}, status: undefined };
  const wire = encodeWire(hosted, value);
  if (typeof wire !== "object" || wire === null) return { body: JSON.stringify(wire), headers: {}, status: undefined };
  const fields = wire as Record<string, unknown>;
  const headers: Record<string, string> = {};
  if (codec.takeHeaders !== undefined) {
    codec.takeHeaders(fields, headers);
    for (const [name, text] of Object.entries(headers)) {
      if (!HEADER_VALUE.test(text)) throw new ContractError(hosted, [invalidHeader(name)]);
    }
  }
  const setCookies: string[] = [];
  codec.takeCookies?.(fields, setCookies);
  const status = codec.takeStatus?.(fields);
  const all = setCookies.length === 0 ? headers : { ...headers, "set-cookie": setCookies };
  return { body: JSON.stringify(wire), headers: all, status };
}

/** For a public answer of which the body is all; undefined when there is nothing to send. */
// hot: guarded by bench/door
export function encodeJson(hosted: HostedEndpoint, value: unknown): string | undefined {
  return JSON.stringify(encodeWire(hosted, value));
}

/** For a typed call from another process: the whole value as JSON text, "" for nothing. */
export function encodeForCall(hosted: HostedEndpoint, value: unknown): string {
  return hosted.codec.response === null ? "" : (JSON.stringify(encodeWire(hosted, value)) ?? "");
}

/** For a typed call within the process: the checked, projected copy. */
// hot: guarded by bench/call
export function copyResponse(hosted: HostedEndpoint, value: unknown): unknown {
  const codec = hosted.codec.response;
  if (codec === null) return undefined;
  const issues: Issue[] = [];
  const copied = codec.copy(value, issues);
  if (issues.length > 0) throw new ContractError(hosted, issues);
  return copied;
}

function encodeWire(hosted: HostedEndpoint, value: unknown): unknown {
  const issues: Issue[] = [];
  const wire = hosted.codec.response?.encode(value, issues);
  if (issues.length > 0) throw new ContractError(hosted, issues);
  return wire;
}

function invalidHeader(name: string): Issue {
  return { path: name, code: "invalid_format", message: "must be a valid HTTP header value" };
}

/** The handler returned something else than its type says (an `any`, a cast). Never sent; the log shows what is wrong. */
export class ContractError extends Error {
  override readonly name = "ContractError";

  constructor(hosted: HostedEndpoint, issues: readonly Issue[]) {
    const list = issues
      .map((issue) => `${issue.path === "" ? "the response" : issue.path} ${issue.message}`)
      .join("; ");
    super(`${hosted.name} returned a value that does not match its declared response: ${list}`);
  }
}
