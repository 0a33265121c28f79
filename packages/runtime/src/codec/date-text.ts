// Times as RFC 3339 text and back without a Date between: the form that `toISOString` writes, several times as fast. Any other form is
// for `dateFromText`.

const DAY_MS = 86_400_000;
/** Days from 0000-03-01, where a 400-year era of the Gregorian calendar starts, to 1970-01-01. */
const EPOCH_DAYS = 719_468;
const ERA_DAYS = 146_097;

const ZERO = 48;
const HYPHEN = 45;
const COLON = 58;
const POINT = 46;
const LETTER_T = 84;
const LETTER_Z = 90;

/** `2026-01-31T09:30:00.000Z`, for times of the years 0 to 9999. */
// hot: guarded by bench/codecs
export function timeToText(time: number): string {
  const days = Math.floor(time / DAY_MS);
  const era = Math.floor((days + EPOCH_DAYS) / ERA_DAYS);
  const dayOfEra = days + EPOCH_DAYS - era * ERA_DAYS;
  const yearOfEra =
    ((dayOfEra - ((dayOfEra / 1460) | 0) + ((dayOfEra / 36_524) | 0) - ((dayOfEra / 146_096) | 0)) / 365) | 0;
  // Years start in March here, so that the day that is sometimes there is the last.
  const dayOfYear = dayOfEra - (365 * yearOfEra + (yearOfEra >> 2) - ((yearOfEra / 100) | 0));
  const monthFromMarch = ((5 * dayOfYear + 2) / 153) | 0;
  const day = dayOfYear - (((153 * monthFromMarch + 2) / 5) | 0) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return writeFields(year, month, day, time - days * DAY_MS);
}

function writeFields(year: number, month: number, day: number, ofDay: number): string {
  const hour = (ofDay / 3_600_000) | 0;
  const minute = ((ofDay / 60_000) | 0) % 60;
  const second = ((ofDay / 1000) | 0) % 60;
  const millis = ofDay % 1000;
  return String.fromCharCode(
    ZERO + ((year / 1000) | 0),
    ZERO + (((year / 100) | 0) % 10),
    ZERO + (((year / 10) | 0) % 10),
    ZERO + (year % 10),
    HYPHEN,
    ZERO + ((month / 10) | 0),
    ZERO + (month % 10),
    HYPHEN,
    ZERO + ((day / 10) | 0),
    ZERO + (day % 10),
    LETTER_T,
    ZERO + ((hour / 10) | 0),
    ZERO + (hour % 10),
    COLON,
    ZERO + ((minute / 10) | 0),
    ZERO + (minute % 10),
    COLON,
    ZERO + ((second / 10) | 0),
    ZERO + (second % 10),
    POINT,
    ZERO + ((millis / 100) | 0),
    ZERO + (((millis / 10) | 0) % 10),
    ZERO + (millis % 10),
    LETTER_Z,
  );
}

/** The time that `2026-01-31T09:30:00Z` or `2026-01-31T09:30:00.000Z` says; NaN for any other text, though it may be a time too. */
// hot: guarded by bench/codecs
export function timeFromText(text: string): number {
  const hasMillis = text.length === 24;
  if ((!hasMillis && text.length !== 20) || !hasMarks(text, hasMillis)) return Number.NaN;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const millis = hasMillis ? twoDigits(text, 20) * 10 + digit(text, 22) : 0;
  const ofDay = secondOfDay(text) * 1000 + millis;
  // Whatever is no digit has made NaN of it all, of which no comparison is true.
  const fits = year >= 0 && month >= 1 && month <= 12 && day >= 1 && ofDay >= 0;
  if (!fits || day > daysInMonth(year, month)) return Number.NaN;
  return (daysBefore(year, month) + day - 1) * DAY_MS + ofDay;
}

function hasMarks(text: string, hasMillis: boolean): boolean {
  return (
    text.charCodeAt(4) === HYPHEN &&
    text.charCodeAt(7) === HYPHEN &&
    text.charCodeAt(10) === LETTER_T &&
    text.charCodeAt(13) === COLON &&
    text.charCodeAt(16) === COLON &&
    (!hasMillis || text.charCodeAt(19) === POINT) &&
    text.charCodeAt(text.length - 1) === LETTER_Z
  );
}

function secondOfDay(text: string): number {
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  return hour <= 23 && minute <= 59 && second <= 59 ? (hour * 60 + minute) * 60 + second : Number.NaN;
}

function twoDigits(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - ZERO;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}

export function daysInMonth(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** Days from 1970-01-01 to the first of the month. */
function daysBefore(year: number, month: number): number {
  const yearFromMarch = month <= 2 ? year - 1 : year;
  const era = Math.floor(yearFromMarch / 400);
  const yearOfEra = yearFromMarch - era * 400;
  const monthFromMarch = month > 2 ? month - 3 : month + 9;
  const dayOfYear = ((153 * monthFromMarch + 2) / 5) | 0;
  const dayOfEra = yearOfEra * 365 + (yearOfEra >> 2) - ((yearOfEra / 100) | 0) + dayOfYear;
  return era * ERA_DAYS + dayOfEra - EPOCH_DAYS;
}
