// Numbers of things for people.

/** "12,345": digits in groups, the same in every country; "10,000+" where counting ended there. */
export function formatCount(count: number, countedUpTo = Number.POSITIVE_INFINITY): string {
  return `${count.toLocaleString("en-US")}${count >= countedUpTo ? "+" : ""}`;
}

/** "1 message", "2 messages". */
export function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}
