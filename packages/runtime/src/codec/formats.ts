// The formats that a string can be asked to have. What each accepts is in docs/reference/validation.md.
import { isIPv4, isIPv6 as isIPv6WithZone } from "node:net";
import { dateFromText, isCalendarDay } from "./scalar-text.ts";

/** The HTML standard's "valid email address", which is what browsers accept, with the lengths of RFC 5321 (4.5.3.1). */
const email =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;

export function isEmail(text: string): boolean {
  return text.length <= 254 && email.test(text);
}

/** The schemes whose URLs have a host: "javascript://" has one only for a parser. */
const webUrl = /^(?:https?|wss?|ftp):\/\/[^\s]+$/i;

export function isWebUrl(text: string): boolean {
  return webUrl.test(text) && URL.canParse(text);
}

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

export function isUuid(text: string): boolean {
  return uuid.test(text);
}

export { isIPv4 };

/** Without a zone, which only means something on one machine. */
export function isIPv6(text: string): boolean {
  return isIPv6WithZone(text) && !text.includes("%");
}

export function isIP(text: string): boolean {
  return isIPv4(text) || isIPv6(text);
}

const hostLabels = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)*$/i;

/** RFC 1123, 2.1, with the length of RFC 1035. */
export function isHostname(text: string): boolean {
  return text.length <= 253 && hostLabels.test(text);
}

/** RFC 3339 date-time, as a Date would be written. */
export function isDateTimeText(text: string): boolean {
  return dateFromText(text) !== undefined;
}

const fullDate = /^(\d{4})-(\d\d)-(\d\d)$/;

export function isDateText(text: string): boolean {
  const match = fullDate.exec(text);
  return match !== null && isCalendarDay(Number(match[1]), Number(match[2]), Number(match[3]));
}

const time = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)?$/;

export function isTimeText(text: string): boolean {
  return time.test(text);
}

const duration = /^-?(?:\d+(?:\.\d+)?(?:h|ms|m|s|us|µs|ns))+$/;

export function isDurationText(text: string): boolean {
  return duration.test(text);
}
