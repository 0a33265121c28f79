// Reads what another process of the app has answered. An answer that does not come from an endpoint is `unavailable`, never `internal`.
import type { IncomingMessage } from "node:http";
import { type ErrorBody, type Issue, isErrorCode } from "@tenon/model";
import type { ResponseHead } from "../http/parse-response.ts";
import { log } from "../log/log.ts";
import type { APIError } from "./api-error.ts";
import { CALL_HEADERS } from "./call-headers.ts";
import { type CallContext, currentCall, runInCall } from "./context.ts";
import { type ErrorCodecs, errorFromBody } from "./normalize-error.ts";
import { RequestError } from "./request-error.ts";
import type { ResolvedTarget } from "./resolve.ts";

/** What is asked for, in messages; `path`: on the other side's internal port, percent-encoded. */
export type ExchangeTarget = Pick<ResolvedTarget, "service" | "name" | "path">;

/** What an endpoint of another process answered; what is wrong with it is logged as the caller's. Throws its error, and RequestError `service_unreachable`. */
export function readAnswer(
  target: ResolvedTarget,
  caller: CallContext | undefined,
  head: ResponseHead,
  text: string,
): unknown {
  const outcome = head.header(CALL_HEADERS.outcome);
  if (outcome === "result") return decodeResult(target, caller, text);
  if (outcome === "error") throw errorIn(target, text, target.codec.errors, caller);
  throw notAnEndpoint(target, caller, `status ${head.status} without an outcome: ${text.slice(0, 200)}`);
}

function decodeResult(target: ResolvedTarget, caller: CallContext | undefined, text: string): unknown {
  const codec = target.codec.response;
  if (codec === null) return undefined;
  const issues: Issue[] = [];
  const value = codec.decode(text === "" ? undefined : parse(target, caller, text), issues);
  if (issues.length === 0) return value;
  const problem = `${target.name} answered with a value that does not match its contract`;
  logAs(caller, new Error(JSON.stringify(issues)), problem);
  throw new RequestError("internal_error", {});
}

/** The error that another process answered with; `codecs`: of the errors that the endpoint declares. */
export function errorIn(
  target: ExchangeTarget,
  text: string,
  codecs?: ErrorCodecs,
  caller: CallContext | undefined = currentCall(),
): APIError {
  const body = parse(target, caller, text) as Partial<ErrorBody> | null;
  if (body === null || typeof body !== "object" || !isErrorCode(body.code)) {
    return notAnEndpoint(target, caller, `an error without a known code: ${text.slice(0, 200)}`);
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
  return notAnEndpoint(
    target,
    currentCall(),
    `status ${response.statusCode ?? 0} without an outcome: ${text.slice(0, 200)}`,
  );
}

function parse(target: ExchangeTarget, caller: CallContext | undefined, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw notAnEndpoint(target, caller, `a body that is not JSON: ${(error as Error).message}`);
  }
}

/** Something else than a Tenon process of this app listens there, or it refuses us. */
function notAnEndpoint(target: ExchangeTarget, caller: CallContext | undefined, reason: string): RequestError {
  const cause = new Error(`${target.name} got ${reason}`);
  logAs(caller, cause, `the process that should host ${target.service} did not answer as one`);
  return new RequestError("service_unreachable", { service: target.service }, cause);
}

/** Answers are read where they arrive, which is within nobody's call. */
function logAs(caller: CallContext | undefined, error: Error, message: string): void {
  if (caller === undefined) log.error(error, message);
  else runInCall(caller, () => log.error(error, message));
}
