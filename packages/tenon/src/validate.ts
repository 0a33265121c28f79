// `tenon/validate`: rules for values, written into types: `string & MinLen<3>`, `number & (Min<3> | Max<1>)`. The compiler reads them;
// at run time nothing of this file exists. A rule is a property that no value has, so plain values are assignable to a type with rules.

declare const tenonMin: unique symbol;
declare const tenonMax: unique symbol;
declare const tenonExclusiveMin: unique symbol;
declare const tenonExclusiveMax: unique symbol;
declare const tenonMultipleOf: unique symbol;
declare const tenonInteger: unique symbol;
declare const tenonMinLength: unique symbol;
declare const tenonMaxLength: unique symbol;
declare const tenonPattern: unique symbol;
declare const tenonStartsWith: unique symbol;
declare const tenonEndsWith: unique symbol;
declare const tenonFormat: unique symbol;
declare const tenonUnique: unique symbol;
declare const tenonMessage: unique symbol;
declare const tenonDefault: unique symbol;

/** At least N: of number, bigint and Decimal. The bound is exact, fractions included. */
export type Min<N extends number | bigint> = { readonly [tenonMin]?: N };

/** At most N: of number, bigint and Decimal. */
export type Max<N extends number | bigint> = { readonly [tenonMax]?: N };

/** Greater than N: of number, bigint and Decimal. */
export type ExclusiveMin<N extends number | bigint> = { readonly [tenonExclusiveMin]?: N };

/** Less than N: of number, bigint and Decimal. */
export type ExclusiveMax<N extends number | bigint> = { readonly [tenonExclusiveMax]?: N };

/** A whole multiple of N, which is greater than 0: of number, bigint and Decimal. Reckoned in decimals: 0.3 is a multiple of 0.1. */
export type MultipleOf<N extends number | bigint> = { readonly [tenonMultipleOf]?: N };

/** A whole number that JavaScript holds exactly. */
export type IsInteger = { readonly [tenonInteger]?: true };

/** Another name of `IsInteger`. */
export type Integer = IsInteger;

/** At least N characters (Unicode code points) of a string, items of an array or Set, or entries of a Map. */
export type MinLen<N extends number> = { readonly [tenonMinLength]?: N };

/** At most N characters (Unicode code points) of a string, items of an array or Set, or entries of a Map. */
export type MaxLen<N extends number> = { readonly [tenonMaxLength]?: N };

/** A string in which the regular expression finds something; anchor it with `^` and `$` to match the whole. */
export type MatchesRegexp<Pattern extends string> = { readonly [tenonPattern]?: Pattern };

export type StartsWith<Prefix extends string> = { readonly [tenonStartsWith]?: Prefix };

export type EndsWith<Suffix extends string> = { readonly [tenonEndsWith]?: Suffix };

/** An email address as browsers accept it in `<input type="email">`. */
export type IsEmail = { readonly [tenonFormat]?: "email" };

/** An absolute http, https, ws, wss or ftp URL with a host. */
export type IsURL = { readonly [tenonFormat]?: "url" };

/** RFC 9562, any version, in the form with dashes. */
export type IsUUID = { readonly [tenonFormat]?: "uuid" };

/** An IPv4 or IPv6 address. */
export type IsIP = { readonly [tenonFormat]?: "ip" };

export type IsIPv4 = { readonly [tenonFormat]?: "ipv4" };

/** Without a zone. */
export type IsIPv6 = { readonly [tenonFormat]?: "ipv6" };

/** A host name of letters, digits and dashes (RFC 1123). */
export type IsHostname = { readonly [tenonFormat]?: "hostname" };

/** RFC 3339, with time and offset: "2026-01-31T09:30:00Z". Use `Date` to have it as one. */
export type IsDateTime = { readonly [tenonFormat]?: "date-time" };

/** RFC 3339, a day that exists: "2026-01-31". */
export type IsDate = { readonly [tenonFormat]?: "date" };

/** RFC 3339, with or without an offset: "09:30:00", "09:30:00.5Z". */
export type IsTime = { readonly [tenonFormat]?: "time" };

/** Units from hours to nanoseconds, as in `DurationString`: "1h30m", "250ms". */
export type IsDuration = { readonly [tenonFormat]?: "duration" };

/** An array without two items that are alike. */
export type UniqueItems = { readonly [tenonUnique]?: true };

/** The rules with words of your own instead of the built-in ones: `string & Message<MinLen<8>, "is too short for a password">`. */
export type Message<Rules, Text extends string> = { readonly [tenonMessage]?: readonly [Rules, Text] };

/**
 * A field that stands for `Value` where a request leaves it out: `limit: Default<number, 20>`. The value is written as JSON has it
 * (a `Date` as its string). The handler always has a value.
 */
// `null & { ... }` would be never.
export type Default<Type, Value> = Type extends null ? Type : Type & { readonly [tenonDefault]?: Value };
