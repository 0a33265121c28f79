// Text as every engine and database can keep it and give it back.

const longestReason = 4_000;

/**
 * Not every engine and database has a place for NUL, nor for half of a pair, as cutting a text leaves it: on all of them they become U+FFFD.
 */
export function wellFormed(text: string): string {
  return text.replace(/\0|\p{Surrogate}/gu, "\uFFFD");
}

/** Why a delivery failed, as it is kept with the message. */
export function storableReason(reason: string): string {
  return wellFormed(reason.slice(0, longestReason));
}
