// The gateway's say in the head of an answer that the user's code writes itself: at the last moment, when all that the code has to say
// about it is known.
import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { OutgoingResponse } from "../call/exchange.ts";

type GivenHeaders = OutgoingHttpHeaders | OutgoingHttpHeader[];

/** Every head goes through `writeHead`, whether it was called or not. `complete` gets lower-case names, and may add and change. */
export function completeHead(response: ServerResponse, complete: (headers: OutgoingResponse["headers"]) => void): void {
  const writeHead = response.writeHead.bind(response);
  response.writeHead = ((status: number, ...rest: (string | GivenHeaders | undefined)[]) => {
    const statusText = typeof rest[0] === "string" ? rest[0] : undefined;
    setHeaders(
      response,
      rest.find((one): one is GivenHeaders => typeof one === "object"),
    );
    const headers: OutgoingResponse["headers"] = {};
    for (const [name, value] of Object.entries(response.getHeaders())) {
      if (value !== undefined) headers[name] = Array.isArray(value) ? value : String(value);
    }
    const before = { ...headers };
    complete(headers);
    for (const [name, value] of Object.entries(headers)) if (value !== before[name]) response.setHeader(name, value);
    return statusText === undefined ? writeHead(status) : writeHead(status, statusText);
  }) as ServerResponse["writeHead"];
}

/** As `writeHead` would: an object replaces, a list of names and values may repeat a name. */
function setHeaders(response: ServerResponse, given: GivenHeaders | undefined): void {
  if (given === undefined) return;
  if (!Array.isArray(given)) {
    for (const [name, value] of Object.entries(given)) if (value !== undefined) response.setHeader(name, value);
    return;
  }
  const seen = new Set<string>();
  const pairs = Array.isArray(given[0]) ? (given as unknown as OutgoingHttpHeader[][]).flat() : given;
  for (let index = 0; index < pairs.length; index += 2) {
    const name = String(pairs[index]);
    const value = pairs[index + 1] as string | string[];
    if (seen.has(name.toLowerCase())) response.appendHeader(name, value);
    else response.setHeader(name, value);
    seen.add(name.toLowerCase());
  }
}
