// An answer as each front door of AWS Lambda takes it: what is no text goes in base64, and each has its own place for repeated headers.
import { STATUS_CODES } from "node:http";
import { answerBytes, isText } from "../answer-bytes.ts";
import type { FunctionAnswer } from "../function-call.ts";
import type { HttpEvent } from "./lambda-events.ts";

export interface HttpResult {
  readonly statusCode: number;
  readonly statusDescription?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly cookies?: readonly string[];
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** Throws what the endpoint breaks its answer off with. */
export async function resultOfAnswer(answer: FunctionAnswer, http: HttpEvent): Promise<HttpResult> {
  const bytes = await answerBytes(answer);
  const isBase64Encoded = !isText(answer, bytes);
  const body = bytes.toString(isBase64Encoded ? "base64" : "utf8");
  return { ...headOfAnswer(answer, http), body, isBase64Encoded };
}

function headOfAnswer({ status, headers }: FunctionAnswer, { kind, event }: HttpEvent) {
  if (kind === "v2") return { statusCode: status, ...headersWithCookies(headers) };
  const statusDescription = `${status} ${STATUS_CODES[status] ?? ""}`.trim();
  const description = kind === "alb" ? { statusDescription } : {};
  if (event.multiValueHeaders === undefined || event.multiValueHeaders === null) {
    return { statusCode: status, ...description, headers: singleHeaders(headers) };
  }
  return { statusCode: status, ...description, multiValueHeaders: headerLists(headers) };
}

/** For the front doors that take cookies apart, and for the head of a streamed answer. */
export function headersWithCookies(
  headers: FunctionAnswer["headers"],
): Required<Pick<HttpResult, "headers" | "cookies">> {
  const { "set-cookie": cookies = [], ...others } = headers;
  return { headers: singleHeaders(others), cookies: [cookies].flat() };
}

function singleHeaders(headers: FunctionAnswer["headers"]): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => {
    if (!Array.isArray(value)) return [name, value] as const;
    // Cookies cannot be joined: a load balancer without multi-value headers passes on one.
    return [name, name === "set-cookie" ? value.at(-1)! : value.join(", ")] as const;
  });
  return Object.fromEntries(entries);
}

function headerLists(headers: FunctionAnswer["headers"]): Record<string, string[]> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat()]));
}
