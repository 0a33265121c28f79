// Signatures with the key of a storage account
// (https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key).
import { createHmac } from "node:crypto";

export interface RequestToAuthorize {
  readonly method: string;
  /** As it is sent. */
  readonly path: string;
  /** Decoded. */
  readonly query: Readonly<Record<string, string>>;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyBytes: number;
}

const STANDARD = [
  "content-encoding",
  "content-language",
  "content-length",
  "content-md5",
  "content-type",
  "date",
  "if-modified-since",
  "if-match",
  "if-none-match",
  "if-unmodified-since",
  "range",
];

/** The value of the `authorization` header. */
export function sharedKeyAuthorization(account: string, accountKey: string, request: RequestToAuthorize): string {
  return `SharedKey ${account}:${signature(accountKey, textToSign(account, request))}`;
}

export function signature(key: string, text: string): string {
  return createHmac("sha256", Buffer.from(key, "base64")).update(text).digest("base64");
}

export function textToSign(account: string, { method, path, query, headers, bodyBytes }: RequestToAuthorize): string {
  const all: Readonly<Record<string, string>> = {
    ...headers,
    "content-length": bodyBytes === 0 ? "" : String(bodyBytes),
  };
  const own = Object.keys(headers)
    .filter((name) => name.startsWith("x-ms-"))
    .sort(compareHeaders)
    .map((name) => `${name}:${headers[name]!.trim()}`);
  const parameters = Object.keys(query)
    .sort()
    .map((name) => `${name.toLowerCase()}:${query[name]}`);
  return [method, ...STANDARD.map((name) => all[name] ?? ""), ...own, `/${account}${path}`, ...parameters].join("\n");
}

/** The service sorts as people do: "_" comes before digits. */
function compareHeaders(a: string, b: string): number {
  const [left, right] = [a.replaceAll("_", " "), b.replaceAll("_", " ")];
  return left < right ? -1 : left > right ? 1 : 0;
}
