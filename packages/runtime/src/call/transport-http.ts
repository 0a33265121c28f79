// A typed call to an endpoint of another process: POST of the whole request as JSON on a kept-alive connection. An answer that does
// not come from an endpoint, or none at all, is `unavailable`, never `internal`.
import { type ClientRequest, type IncomingMessage, request as sendRequest } from "node:http";
import { type ErrorBody, type Issue, isErrorCode } from "@tenon/model";
import type { Identity } from "../auth/identity.ts";
import { log } from "../log/log.ts";
import type { RecordingSpan } from "../telemetry/span.ts";
import { formatTraceparent } from "../telemetry/trace-context.ts";
import type { APIError } from "./api-error.ts";
import type { Cancelable, Cancellation } from "./cancellation.ts";
import { CALL_HEADERS } from "./call-headers.ts";
import type { CallContext } from "./context.ts";
import type { RequestHeaders } from "./exchange.ts";
import { type ErrorCodecs, errorFromBody } from "./normalize-error.ts";
import type { Remote } from "./remote.ts";
import { newRequestId } from "./request-id.ts";
import { invalidRequest, RequestError } from "./request-error.ts";
import type { ResolvedTarget } from "./resolve.ts";
import type { Topology } from "./topology.ts";

export async function callOverHttp(
  topology: Topology,
  target: ResolvedTarget,
  request: unknown,
  span: RecordingSpan,
  parent: CallContext | undefined,
  deadlineAt: number,
  cancellation: Cancellation,
  identity: Identity | undefined,
): Promise<unknown> {
  const body = encodeRequest(target, request);
  if (cancellation.reason !== undefined) throw cancellation.reason;
  const remote = topology.remoteBook.at(target.service, topology.remoteAddress(target.service));
  const headers = callHeaders(topology.credential, span, parent, deadlineAt);
  if (identity !== undefined) Object.assign(headers, identity.headers);
  headers["content-type"] = "application/json";
  headers["content-length"] = Buffer.byteLength(body);
  const answer = await new Exchange(target, remote, headers, body, cancellation).answer;
  return readAnswer(target, answer);
}

/** Throws RequestError `invalid_request`. */
export function encodeRequest(target: ResolvedTarget, request: unknown): string {
  const codec = target.codec.request;
  if (codec === null) return "";
  const issues: Issue[] = [];
  const wire = codec.encode(request, issues);
  if (issues.length > 0) throw invalidRequest(target.name, issues);
  return JSON.stringify(wire) ?? "";
}

/** What every call carries, whatever it is made of. `deadlineAt`: epoch milliseconds, Infinity for none. */
export function callHeaders(
  credential: string,
  span: RecordingSpan,
  parent: CallContext | undefined,
  deadlineAt: number,
): Record<string, string | number> {
  const headers: Record<string, string | number> = {
    [CALL_HEADERS.credential]: credential,
    [CALL_HEADERS.requestId]: parent?.requestId ?? newRequestId(),
    traceparent: formatTraceparent(span),
  };
  if (span.traceState !== undefined) headers["tracestate"] = span.traceState;
  if (parent !== undefined) headers[CALL_HEADERS.caller] = parent.service;
  if (Number.isFinite(deadlineAt)) headers[CALL_HEADERS.deadlineMs] = Math.max(1, Math.ceil(deadlineAt - Date.now()));
  return headers;
}

export interface Answer {
  readonly status: number;
  readonly headers: RequestHeaders;
  /** "result", "error", or undefined when no endpoint answered. */
  readonly outcome: string | undefined;
  readonly text: string;
}

/** Where a request to another process goes. `name`: what is asked for, in messages. */
export type ExchangeTarget = Pick<ResolvedTarget, "service" | "name" | "path">;

/** One request and its answer; cancelling closes the connection, which is how the other side learns of it. */
export class Exchange implements Cancelable {
  readonly answer: Promise<Answer>;
  private readonly target: ExchangeTarget;
  private readonly cancellation: Cancellation;
  private request!: ClientRequest;
  private resolve!: (answer: Answer) => void;
  private reject!: (reason: unknown) => void;

  constructor(
    target: ExchangeTarget,
    remote: Remote,
    headers: Record<string, string | number>,
    body: string,
    cancellation: Cancellation,
  ) {
    this.target = target;
    this.cancellation = cancellation;
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
      headers["host"] = remote.authority;
      const options = { ...remote.location, agent: remote.agent, method: "POST", path: target.path, headers };
      this.request = sendRequest(options, (response) => void this.read(response));
      this.request.on("error", (error) => this.fail(error));
      this.request.end(body);
    });
    cancellation.add(this);
  }

  cancel(reason: APIError): void {
    this.reject(reason);
    this.request.destroy();
  }

  private async read(response: IncomingMessage): Promise<void> {
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
      this.cancellation.remove(this);
      const outcome = response.headers[CALL_HEADERS.outcome];
      this.resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        outcome: typeof outcome === "string" ? outcome : undefined,
        text: Buffer.concat(chunks).toString("utf8"),
      });
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    this.cancellation.remove(this);
    this.reject(new RequestError("service_unreachable", { service: this.target.service }, error));
  }
}

function readAnswer(target: ResolvedTarget, answer: Answer): unknown {
  if (answer.outcome === "result") return decodeResult(target, answer.text);
  if (answer.outcome === "error") throw errorIn(target, answer.text, target.codec.errors);
  throw notAnEndpoint(target, `status ${answer.status} without an outcome: ${answer.text.slice(0, 200)}`);
}

function decodeResult(target: ResolvedTarget, text: string): unknown {
  const codec = target.codec.response;
  if (codec === null) return undefined;
  const issues: Issue[] = [];
  const value = codec.decode(text === "" ? undefined : parse(target, text), issues);
  if (issues.length === 0) return value;
  log.error(new Error(JSON.stringify(issues)), `${target.name} answered with a value that does not match its contract`);
  throw new RequestError("internal_error", {});
}

/** The error that another process answered with; `codecs`: of the errors that the endpoint declares. */
export function errorIn(target: ExchangeTarget, text: string, codecs?: ErrorCodecs): APIError {
  const body = parse(target, text) as Partial<ErrorBody> | null;
  if (body === null || typeof body !== "object" || !isErrorCode(body.code)) {
    return notAnEndpoint(target, `an error without a known code: ${text.slice(0, 200)}`);
  }
  const { code, message, details, type } = body;
  const known = { code, message: String(message), details };
  return errorFromBody(typeof type === "string" ? { ...known, type } : known, codecs);
}

/** An answer to something else than a typed call: the error in it, or that nobody has answered who could. */
export async function readRefusal(target: ResolvedTarget, response: IncomingMessage): Promise<APIError> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  if (response.headers[CALL_HEADERS.outcome] === "error") return errorIn(target, text, target.codec.errors);
  return notAnEndpoint(target, `status ${response.statusCode ?? 0} without an outcome: ${text.slice(0, 200)}`);
}

function parse(target: ExchangeTarget, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw notAnEndpoint(target, `a body that is not JSON: ${(error as Error).message}`);
  }
}

/** Something else than a Tenon process of this app listens there, or it refuses us. */
function notAnEndpoint(target: ExchangeTarget, reason: string): RequestError {
  const cause = new Error(`${target.name} got ${reason}`);
  log.error(cause, `the process that should host ${target.service} did not answer as one`);
  return new RequestError("service_unreachable", { service: target.service }, cause);
}
