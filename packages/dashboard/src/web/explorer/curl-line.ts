// A request as a curl command.
import type { HttpRequest } from "@tenon/model";
import { shellQuote } from "../text/shell-quote.ts";

export function curlLine({ method, target, headers, body }: HttpRequest, gatewayUrl: string): string {
  const words = ["curl"];
  if (method !== (body === undefined ? "GET" : "POST")) words.push("-X", method);
  words.push(shellQuote(`${gatewayUrl.replace(/\/$/, "")}${target}`));
  for (const [name, value] of Object.entries(headers)) words.push("-H", shellQuote(`${name}: ${value}`));
  if (body !== undefined) words.push("--data-raw", shellQuote(body));
  return words.join(" ");
}
