// PostgreSQL's text form of a column -> JavaScript value. The table in docs/reference/sql.md is this file in words.
import pg from "pg";
import { Decimal } from "../codec/decimal.ts";

export type Decode = (text: string) => unknown;

const asText: Decode = (text) => text;

/** Type -> [OID, OID of its array, decoder]; fixed numbers of PostgreSQL's catalogue (pg_type.dat). */
const types: readonly (readonly [oid: number, arrayOid: number, decode: Decode])[] = [
  [16, 1000, (text) => text === "t"], // bool
  [17, 1001, decodeBytes], // bytea
  [18, 1002, asText], // "char"
  [19, 1003, asText], // name
  [20, 1016, decodeInt8], // int8
  [21, 1005, Number], // int2
  [23, 1007, Number], // int4
  [25, 1009, asText], // text
  [26, 1028, Number], // oid
  [114, 199, (text) => JSON.parse(text)], // json
  [650, 651, asText], // cidr
  [700, 1021, Number], // float4
  [701, 1022, Number], // float8
  [869, 1041, asText], // inet
  [1042, 1014, asText], // char(n)
  [1043, 1015, asText], // varchar
  [1082, 1182, asText], // date
  [1083, 1183, asText], // time
  [1114, 1115, decodeTimestamp], // timestamp
  [1184, 1185, decodeTimestamp], // timestamptz
  [1700, 1231, decodeNumeric], // numeric
  [2950, 2951, asText], // uuid
  [3802, 3807, (text) => JSON.parse(text)], // jsonb
];

/** As it is in the version of pg-types that pg brings; its typings are those of a later one. */
const arrayParser = pg.types.arrayParser as unknown as {
  create(source: string, transform: (text: string | null) => unknown): { parse(): unknown[] };
};

const decoders = new Map<number, Decode>();
for (const [oid, arrayOid, decode] of types) {
  decoders.set(oid, decode);
  decoders.set(arrayOid, arrayDecoderFor(decode));
}

/** Arrays of types that come as text: interval, timetz, bit, varbit, xml, macaddr, money, regclass, tsvector, ranges, multiranges. */
const arraysOfTexts = [
  1187, 1270, 1561, 1563, 143, 1040, 775, 791, 2210, 3643, 3905, 3907, 3909, 3911, 3913, 3927, 6150, 6151, 6152, 6153,
  6155, 6157,
];
for (const oid of arraysOfTexts) decoders.set(oid, arrayDecoderFor(asText));

export function arrayDecoderFor(decode: Decode): Decode {
  return (text) => arrayParser.create(text, nullOr(decode)).parse();
}

/** Types that are not in the table (enums, intervals, ranges, vectors ...) come as PostgreSQL writes them. */
export function decoderFor(oid: number): Decode {
  return decoders.get(oid) ?? asText;
}

function nullOr(decode: Decode): (text: string | null) => unknown {
  return (text) => (text === null ? null : decode(text));
}

/** A number where a number is exact, else a bigint: never a rounded value. */
function decodeInt8(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

/** NaN and the infinities are no decimal numbers: they stay text. */
function decodeNumeric(text: string): Decimal | string {
  return /^-?\d/.test(text) ? new Decimal(text) : text;
}

function decodeBytes(text: string): Buffer {
  return Buffer.from(text.slice(2), "hex");
}

const timestampPattern =
  /^(\d{4,})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?)?( BC)?$/;

/** Without a zone (`timestamp`) it is taken as UTC, whatever the machine's zone. `infinity` has no Date and becomes a number. */
function decodeTimestamp(text: string): Date | number | string {
  if (text === "infinity") return Number.POSITIVE_INFINITY;
  if (text === "-infinity") return Number.NEGATIVE_INFINITY;
  const match = timestampPattern.exec(text);
  // Another DateStyle than ISO, set by the user on this connection.
  if (!match) return text;
  const [, year, month, day, hour, minute, second, fraction = "", sign, zoneHour, zoneMinute, zoneSecond, era] = match;
  const date = new Date(0);
  date.setUTCFullYear(era ? 1 - Number(year) : Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second), Number(fraction.padEnd(3, "0").slice(0, 3)));
  const offsetSeconds = Number(zoneHour ?? 0) * 3600 + Number(zoneMinute ?? 0) * 60 + Number(zoneSecond ?? 0);
  return new Date(date.getTime() - (sign === "-" ? -offsetSeconds : offsetSeconds) * 1000);
}
