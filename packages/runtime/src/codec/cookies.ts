// Cookies (RFC 6265): read from a request, written by a response. Values may be any text: what a cookie cannot hold is percent-encoded.
import type { Issue } from "@tenon/model";
import { fail, pathSegment } from "./issues.ts";
import { isObject, own } from "./objects.ts";

/** By name; of several with the same name the first, which is the one with the most specific path. */
export function parseCookies(header: string | undefined): Map<string, string> {
  const cookies = new Map<string, string>();
  if (header === undefined) return cookies;
  for (const pair of header.split(";")) {
    const at = pair.indexOf("=");
    if (at < 0) continue;
    const name = pair.slice(0, at).trim();
    if (!cookies.has(name)) cookies.set(name, decodeValue(pair.slice(at + 1).trim()));
  }
  return cookies;
}

function decodeValue(text: string): string {
  const value = text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
  if (!value.includes("%")) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** All but cookie-octets (RFC 6265, 4.1.1), and "%" itself. */
const notPlain = /[^!#$&-+\--:<-[\]-~]/gu;

function encodeValue(value: string): string {
  return value.replace(notPlain, (character) =>
    character.codePointAt(0)! < 0x80 ? percent(character) : utf8(character),
  );
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

/** A half of a pair that lost the other one cannot be written; it becomes the replacement character, as everywhere in UTF-8. */
function utf8(character: string): string {
  return [...Buffer.from(character)].map((byte) => percent(String.fromCharCode(byte))).join("");
}

/** A domain or path that would end the attribute it stands in. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const notAttribute = /[;\x00-\x1f\x7f]|[^\x00-\x7f]/;

/** The attributes of response cookies must be writable, in every topology. Returns the response. */
export function checkCookies(response: unknown, properties: readonly string[], issues: Issue[]): unknown {
  if (!isObject(response)) return response;
  for (const property of properties) {
    const cookie = own(response, property);
    if (!isObject(cookie)) continue;
    for (const name of ["domain", "path"]) {
      const text = own(cookie, name);
      if (typeof text === "string" && notAttribute.test(text)) {
        fail(issues, `${pathSegment(property)}.${name}`, "invalid_format", "must be plain text without a semicolon");
      }
    }
  }
  return response;
}

/** Moves a field of an encoded response to where it becomes a `set-cookie` of its own. */
export function takeCookie(wire: Record<string, unknown>, property: string, setCookies: string[], name: string): void {
  const cookie = Object.hasOwn(wire, property) ? wire[property] : undefined;
  delete wire[property];
  if (isObject(cookie)) setCookies.push(writeCookie(name, cookie));
}

/** `cookie` in its wire form: `expires` is text. */
function writeCookie(name: string, cookie: Record<string, unknown>): string {
  const parts = [`${name}=${encodeValue(String(cookie["value"] ?? ""))}`];
  const attribute = (word: string, key: string) => {
    if (cookie[key] !== undefined) parts.push(`${word}=${cookie[key]}`);
  };
  attribute("Domain", "domain");
  attribute("Path", "path");
  if (cookie["expires"] !== undefined) parts.push(`Expires=${new Date(String(cookie["expires"])).toUTCString()}`);
  if (typeof cookie["maxAge"] === "number") parts.push(`Max-Age=${Math.trunc(cookie["maxAge"])}`);
  if (cookie["httpOnly"] === true) parts.push("HttpOnly");
  if (cookie["secure"] === true) parts.push("Secure");
  attribute("SameSite", "sameSite");
  if (cookie["partitioned"] === true) parts.push("Partitioned");
  return parts.join("; ");
}
