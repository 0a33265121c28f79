// Types that say where on HTTP a field of a request or response travels. In calls between services such a field is one as any other.

declare const headerName: unique symbol;
declare const queryName: unique symbol;
declare const cookieName: unique symbol;

/** A type that may stand in a header or cookie. */
export type HeaderValue = string | number | boolean | bigint | Date;

/**
 * A field that travels as an HTTP header: `Header` or `Header<number>` under the field's own name, `Header<"X-Name">` as a string and
 * `Header<number, "X-Name">` under the given one. Plain values are assignable to it.
 */
export type Header<TypeOrName extends HeaderValue = string, Name extends string = string> =
  IsName<TypeOrName, Name> extends true
    ? string & { readonly [headerName]?: TypeOrName }
    : TypeOrName & { readonly [headerName]?: Name };

/** A type that may stand in the query: also lists, given by repeating the name. */
export type QueryValue = HeaderValue | readonly HeaderValue[];

/** A field that travels in the query string whatever the method; the forms are those of `Header`. */
export type Query<TypeOrName extends QueryValue = string, Name extends string = string> =
  IsName<TypeOrName, Name> extends true
    ? string & { readonly [queryName]?: TypeOrName }
    : TypeOrName & { readonly [queryName]?: Name };

/** A cookie as a response sets it. A request only has its `value`. */
export type CookieWithOptions<Value> = {
  value: Value;
  /** When the browser forgets it; without this and `maxAge` at the end of its session. */
  expires?: Date;
  sameSite?: "Strict" | "Lax" | "None";
  domain?: string;
  path?: string;
  /** Seconds until the browser forgets it; 0 removes it. Counts before `expires`. */
  maxAge?: number;
  secure?: boolean;
  httpOnly?: boolean;
  partitioned?: boolean;
};

/**
 * A cookie, read from a request or set by a response: `Cookie` or `Cookie<number>` under the field's own name, `Cookie<"session">` as
 * a string and `Cookie<number, "visits">` under the given one. The value itself is `.value`.
 */
export type Cookie<TypeOrName extends HeaderValue = string, Name extends string = string> =
  IsName<TypeOrName, Name> extends true
    ? CookieWithOptions<string> & { readonly [cookieName]?: TypeOrName }
    : CookieWithOptions<TypeOrName> & { readonly [cookieName]?: Name };

/** A single string literal with no name beside it is the name, not the type. */
type IsName<TypeOrName, Name extends string> = string extends Name
  ? [TypeOrName] extends [string]
    ? string extends TypeOrName
      ? false
      : true
    : false
  : false;
