// Cuts what a receiver takes only so much of in one request.
export interface ChunkLimits {
  readonly items: number;
  readonly bytes: number;
}

/** In order; an item that alone is larger than a chunk may be is a chunk of its own. */
export function chunksOf<Item>(
  items: readonly Item[],
  limits: ChunkLimits,
  sizeOf: (item: Item) => number,
): (readonly Item[])[] {
  const chunks: Item[][] = [];
  let bytes = 0;
  for (const item of items) {
    const size = sizeOf(item);
    const last = chunks.at(-1);
    if (last !== undefined && last.length < limits.items && bytes + size <= limits.bytes) {
      last.push(item);
      bytes += size;
    } else {
      chunks.push([item]);
      bytes = size;
    }
  }
  return chunks;
}
