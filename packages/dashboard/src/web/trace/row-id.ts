// The id of a span's row in the page: how key handling and page find the row to focus or to bring into view.

export function rowId(spanId: string): string {
  return `span-${spanId}`;
}
