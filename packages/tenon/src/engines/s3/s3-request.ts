// A request to the S3 endpoint, taken apart: which bucket and object it is for, what its query and headers say.
import type { IncomingMessage } from "node:http";
import { S3Error } from "./s3-error.ts";

export type Pairs = readonly (readonly [string, string])[];

export interface S3Request {
  readonly method: string;
  /** Decoded. */
  readonly path: string;
  /** "": of the service as a whole. */
  readonly bucket: string;
  /** "": of the bucket itself. */
  readonly key: string;
  /** Decoded, in the order in which they were sent. */
  readonly query: Pairs;
  /** As sent; lower-case names. */
  readonly headers: Pairs;
  readonly message: IncomingMessage;
}

/** Throws S3Error. */
export function readRequest(message: IncomingMessage): S3Request {
  const target = message.url ?? "/";
  const queryStart = target.indexOf("?");
  const rawPath = queryStart === -1 ? target : target.slice(0, queryStart);
  if (!rawPath.startsWith("/")) throw new S3Error("InvalidURI", "The request target must begin with a slash.");
  const path = decode(rawPath);
  const slash = path.indexOf("/", 1);
  return {
    method: message.method ?? "GET",
    path,
    bucket: slash === -1 ? path.slice(1) : path.slice(1, slash),
    key: slash === -1 ? "" : path.slice(slash + 1),
    query: queryStart === -1 ? [] : readQuery(target.slice(queryStart + 1)),
    headers: pairsOf(message.rawHeaders),
    message,
  };
}

/** The first value; undefined: it is not there. */
export function queryOf({ query }: Pick<S3Request, "query">, name: string): string | undefined {
  return query.find(([given]) => given === name)?.[1];
}

export function headerOf({ headers }: Pick<S3Request, "headers">, name: string): string | undefined {
  return headers.find(([given]) => given === name)?.[1];
}

function readQuery(text: string): Pairs {
  return text
    .split("&")
    .filter((part) => part !== "")
    .map((part) => {
      const equals = part.indexOf("=");
      return equals === -1 ? [decode(part), ""] : [decode(part.slice(0, equals)), decode(part.slice(equals + 1))];
    });
}

/** A "+" stands for a space, in paths as well: S3 reads it so. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new S3Error("InvalidURI", "The request target is not percent-encoded UTF-8.");
  }
}

function pairsOf(rawHeaders: readonly string[]): Pairs {
  const pairs: [string, string][] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) pairs.push([rawHeaders[i]!.toLowerCase(), rawHeaders[i + 1]!]);
  return pairs;
}
