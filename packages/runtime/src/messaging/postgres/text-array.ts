// A list of texts as PostgreSQL's binary text[]: written once here and read once there, where the textual form would be escaped and parsed.

const textOid = 25;
const headerBytes = 20;

export function textArray(values: readonly (string | null)[]): Buffer {
  if (values.length === 0) return header(Buffer.alloc(12), 0, false);
  let sizeBytes = headerBytes + 4 * values.length;
  let hasNull = false;
  for (const value of values) {
    if (value === null) hasNull = true;
    else sizeBytes += Buffer.byteLength(value);
  }
  const buffer = header(Buffer.alloc(sizeBytes), 1, hasNull);
  buffer.writeInt32BE(values.length, 12);
  buffer.writeInt32BE(1, 16);
  let offset = headerBytes;
  for (const value of values) {
    const written = value === null ? -1 : buffer.write(value, offset + 4);
    buffer.writeInt32BE(written, offset);
    offset += 4 + Math.max(0, written);
  }
  return buffer;
}

function header(buffer: Buffer, dimensions: number, hasNull: boolean): Buffer {
  buffer.writeInt32BE(dimensions, 0);
  buffer.writeInt32BE(hasNull ? 1 : 0, 4);
  buffer.writeInt32BE(textOid, 8);
  return buffer;
}
