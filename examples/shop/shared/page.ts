// One page of a longer list, the same for every service of the shop. Pages are walked by cursor, so that rows that come and go in
// between neither repeat nor hide others.
import { APIError } from "tenon/api";

export interface Page<T> {
  items: T[];
  /** Pass it as `cursor` to get the next page; absent on the last one. */
  nextCursor?: string;
}

export interface PageRequest {
  /** At most 100; 20 when left out. */
  limit?: number;
  /** `nextCursor` of the page before. */
  cursor?: string;
}

/** The number of items to read for a page. */
export function pageSize(request: PageRequest): number {
  const limit = request.limit ?? 20;
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    throw APIError.invalidArgument(`limit must be a whole number from 1 to 100, got ${limit}`);
  }
  return limit;
}

/** Makes a page of rows that were read with one more than `size`: the extra one tells that there is a next page. */
export function toPage<T extends { id: string }>(rows: T[], size: number): Page<T> {
  const items = rows.slice(0, size);
  const last = items.at(-1);
  return rows.length > size && last !== undefined ? { items, nextCursor: last.id } : { items };
}
