// Makes Node's request show the headers that the endpoint shall see, in all the places where libraries look for them.
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { RequestHeaders } from "../call/exchange.ts";

/** `headers`: as every endpoint of the app sees them; what is not among them was for the framework alone. */
export function presentHeaders(request: IncomingMessage, headers: RequestHeaders): void {
  const received = request.headers;
  const raw: string[] = [];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index]!;
    const lowerCase = name.toLowerCase();
    // Spelling, order and repetitions stay as they came.
    if (headers[lowerCase] === received[lowerCase]) raw.push(name, request.rawHeaders[index + 1]!);
  }
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || value === received[name]) continue;
    for (const one of Array.isArray(value) ? value : [value]) raw.push(name, one);
  }
  request.rawHeaders = raw;
  request.headers = headers as IncomingHttpHeaders;
  request.headersDistinct = distinct(raw);
}

/**
 * The address of the client, where Node has it: behind a gateway the connection is the gateway's, which has put the client's last into
 * `x-forwarded-for`. Requests on a connection follow each other, so that one address at a time is enough.
 */
export function presentClient(request: IncomingMessage, headers: RequestHeaders): void {
  const chain = headers["x-forwarded-for"];
  const address = typeof chain === "string" ? chain.split(",").at(-1)!.trim() : "";
  if (address === "" || address === request.socket.remoteAddress) return;
  Object.defineProperty(request.socket, "remoteAddress", { value: address, configurable: true });
}

function distinct(raw: readonly string[]): Record<string, string[]> {
  const lists = Object.create(null) as Record<string, string[]>;
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index]!.toLowerCase();
    const list = lists[name] ?? [];
    lists[name] = list;
    list.push(raw[index + 1]!);
  }
  return lists;
}
