// A `set-cookie` line as the cookie object that Azure Functions takes.

export interface AzureCookie {
  readonly name: string;
  readonly value: string;
  readonly domain?: string;
  readonly path?: string;
  readonly expires?: Date;
  readonly secure?: boolean;
  readonly httpOnly?: boolean;
  readonly sameSite?: "Strict" | "Lax" | "None";
  readonly maxAge?: number;
}

const SAME_SITE = { strict: "Strict", lax: "Lax", none: "None" } as const;

export function cookieOf(line: string): AzureCookie {
  const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
  const equals = pair.indexOf("=");
  const cookie: { -readonly [Key in keyof AzureCookie]: AzureCookie[Key] } = {
    name: pair.slice(0, Math.max(0, equals)),
    value: decoded(pair.slice(equals + 1)),
  };
  for (const attribute of attributes) {
    const [name = "", value = ""] = splitOnce(attribute);
    const key = name.toLowerCase();
    if (key === "domain") cookie.domain = value;
    else if (key === "path") cookie.path = value;
    else if (key === "expires") cookie.expires = new Date(value);
    else if (key === "max-age") cookie.maxAge = Number(value);
    else if (key === "secure") cookie.secure = true;
    else if (key === "httponly") cookie.httpOnly = true;
    else if (key === "samesite") cookie.sameSite = SAME_SITE[value.toLowerCase() as keyof typeof SAME_SITE] ?? "Lax";
  }
  return cookie;
}

/** The platform encodes values: one that is encoded already must come out the same. */
function decoded(value: string): string {
  try {
    const text = decodeURIComponent(value);
    return encodeURIComponent(text) === value ? text : value;
  } catch {
    return value;
  }
}

function splitOnce(text: string): [string, string] {
  const equals = text.indexOf("=");
  return equals === -1 ? [text, ""] : [text.slice(0, equals), text.slice(equals + 1)];
}
