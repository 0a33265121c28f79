// Whether the value of `host` is a host and perhaps a port (RFC 9110, 7.2; RFC 3986, 3.2.2). An empty one is allowed.
import { COLON, HOST } from "./field-rules.ts";

const OPENING = 0x5b;

// hot: guarded by bench/hello
export function isHost(head: string, start: number, end: number): boolean {
  let at = start;
  if (start < end && head.charCodeAt(start) === OPENING) {
    at = literalEnd(head, start + 1, end);
    if (at === -1) return false;
  } else while (at < end && HOST[head.charCodeAt(at)] === 1) at++;
  if (at === end) return true;
  if (head.charCodeAt(at) !== COLON) return false;
  for (at++; at < end; at++) {
    const digit = head.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return false;
  }
  return true;
}

/** Position behind "]" of an IP literal; -1 if there is none. */
function literalEnd(head: string, start: number, end: number): number {
  const closing = head.indexOf("]", start);
  if (closing <= start || closing >= end) return -1;
  for (let at = start; at < closing; at++) {
    const code = head.charCodeAt(at);
    if (code !== COLON && HOST[code] !== 1) return -1;
  }
  return closing + 1;
}
