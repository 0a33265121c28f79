// Where an HTTP/1.1 answer ends: as much reading of answers as a load generator needs, for servers that the checker has seen to be right.
const headEnd = Buffer.from("\r\n\r\n");
const lastChunk = Buffer.from("\r\n0\r\n\r\n");

/** The status of the answer once all of it is in `bytes`; undefined before. One answer at a time, so nothing comes behind it. */
export function answerEnd(bytes) {
  const bodyStart = bytes.indexOf(headEnd) + headEnd.length;
  if (bodyStart < headEnd.length) return undefined;
  const head = bytes.latin1Slice(0, bodyStart).toLowerCase();
  const status = Number(head.slice(9, 12));
  const length = /\r\ncontent-length: *(\d+)/.exec(head);
  if (length !== null) return bytes.length >= bodyStart + Number(length[1]) ? { status } : undefined;
  if (!head.includes("\r\ntransfer-encoding: chunked")) throw new Error(`an answer without an end: ${head}`);
  const tail = bytes.subarray(Math.max(bodyStart - 2, bytes.length - lastChunk.length));
  return tail.equals(lastChunk) ? { status } : undefined;
}
