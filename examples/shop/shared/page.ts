// One page of a longer list, the same for every service of the shop. Pages are walked by cursor, so that rows that come and go in
// between neither repeat nor hide others.
import type { IsInteger, Max, Min } from "tenon/validate";

export interface Page<T> {
  items: T[];
  /** Pass it as `cursor` to get the next page; absent on the last one. */
  nextCursor?: string;
}

export interface PageRequest {
  /** How many items at most; 20 when left out. */
  limit?: number & IsInteger & Min<1> & Max<100>;
  /** `nextCursor` of the page before. */
  cursor?: string;
}

/** The number of items on a page. */
export function pageSize({ limit = 20 }: PageRequest): number {
  return limit;
}

/** Makes a page of rows that were read with one more than `size`: the extra one tells that there is a next page. */
export function toPage<T extends { id: string }>(rows: T[], size: number): Page<T> {
  const items = rows.slice(0, size);
  const last = items.at(-1);
  return rows.length > size && last !== undefined ? { items, nextCursor: last.id } : { items };
}
