// HTTP as the three front doors of AWS Lambda describe it -> the one form of a request. They differ in what they decode: an HTTP API and a
// REST API decode query values, a load balancer passes them on as they are.
import { encodedPath, withoutPrefix } from "../path-text.ts";
import { seenClient } from "../client-address.ts";
import type { FunctionCall } from "../function-call.ts";
import type { HttpEvent, HttpEventAlb, HttpEventV1, HttpEventV2, LambdaContext } from "./lambda-events.ts";
import { traceparentOf } from "./trace-header.ts";

type Headers = Record<string, string | string[]>;

/** `basePath`: what a custom domain has in front of every path; "" for none. */
export function callFromEvent({ kind, event }: HttpEvent, context: LambdaContext, basePath: string): FunctionCall {
  const headers = kind === "v2" ? headersOfV2(event) : headersOf(event);
  const address =
    kind === "alb"
      ? undefined
      : kind === "v1"
        ? event.requestContext.identity.sourceIp
        : event.requestContext.http.sourceIp;
  const { remoteAddress, forwardedFor } = seenClient(textOf(headers["x-forwarded-for"]), address);
  if (forwardedFor === undefined) delete headers["x-forwarded-for"];
  else headers["x-forwarded-for"] = forwardedFor;
  const traceparent =
    headers["traceparent"] === undefined ? traceparentOf(textOf(headers["x-amzn-trace-id"])) : undefined;
  if (traceparent !== undefined) headers["traceparent"] = traceparent;
  return {
    method: kind === "v2" ? event.requestContext.http.method : event.httpMethod,
    path: encodedPath(withoutPrefix(kind === "v2" ? pathOfV2(event) : event.path, basePath)),
    query: kind === "v2" ? event.rawQueryString : kind === "v1" ? queryOfV1(event) : queryOfAlb(event),
    headers,
    body: bodyOf(event),
    remoteAddress,
    deadlineAt: Date.now() + context.getRemainingTimeInMillis(),
  };
}

/** The name of a stage stands in front of the path, but for the default one. */
function pathOfV2({ rawPath, requestContext: { stage } }: HttpEventV2): string {
  return stage === "$default" ? rawPath : withoutPrefix(rawPath, `/${stage}`);
}

function headersOfV2({ headers, cookies = [] }: HttpEventV2): Headers {
  const all: Headers = {};
  for (const [name, value] of Object.entries(headers ?? {})) if (value !== undefined) all[name.toLowerCase()] = value;
  if (cookies.length > 0) all["cookie"] = cookies.join("; ");
  return all;
}

function headersOf({ headers, multiValueHeaders }: HttpEventV1 | HttpEventAlb): Headers {
  const all: Headers = {};
  for (const [name, value] of Object.entries(headers ?? {})) if (value !== undefined) all[name.toLowerCase()] = value;
  for (const [name, values] of Object.entries(multiValueHeaders ?? {})) {
    if (values === undefined || values.length === 0) continue;
    const key = name.toLowerCase();
    all[key] = values.length === 1 ? values[0]! : values.join(key === "cookie" ? "; " : ", ");
  }
  return all;
}

function queryOfV1({ queryStringParameters, multiValueQueryStringParameters }: HttpEventV1): string {
  return queryText(queryStringParameters, multiValueQueryStringParameters, encodeURIComponent);
}

function queryOfAlb({ queryStringParameters, multiValueQueryStringParameters }: HttpEventAlb): string {
  return queryText(queryStringParameters, multiValueQueryStringParameters, (text) => text);
}

function queryText(
  single: HttpEventV1["queryStringParameters"],
  multiple: HttpEventV1["multiValueQueryStringParameters"],
  encode: (text: string) => string,
): string {
  const lists =
    multiple ?? Object.fromEntries(Object.entries(single ?? {}).map(([name, value]) => [name, [value ?? ""]]));
  return Object.entries(lists)
    .flatMap(([name, values = []]) => values.map((value) => `${encode(name)}=${encode(value)}`))
    .join("&");
}

function bodyOf({ body, isBase64Encoded }: HttpEvent["event"]): Buffer | null {
  if (body === undefined || body === null || body === "") return null;
  return Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
}

function textOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(", ") : value;
}
