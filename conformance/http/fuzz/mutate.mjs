// Breaks requests: in lines and fields, as somebody who knows HTTP would, and in single bytes, as nobody would.

const bytes = [
  "\0",
  "\t",
  "\n",
  "\r",
  "\v",
  " ",
  ":",
  ",",
  ";",
  "=",
  '"',
  "/",
  "?",
  "#",
  "%",
  "*",
  "0",
  "1",
  "a",
  "Z",
  "-",
  "+",
  "\\",
  "\x1f",
  "\x7f",
  "\x80",
  "\xa0",
  "\xff",
];

/** Lines that somebody who wants to confuse two servers would add. */
const lines = [
  "content-length: 0",
  "content-length: 3",
  "content-length: 5",
  "Content-Length: 05",
  "content-length: +5",
  "content-length: -1",
  "content-length: 5, 5",
  "content-length: 5 5",
  "content-length: 0x5",
  "content-length:",
  "content-length: 99999999999999999999",
  "content-length: 18446744073709551617",
  "content-length : 5",
  "content_length: 5",
  "transfer-encoding: chunked",
  "Transfer-Encoding: chunked",
  "transfer-encoding : chunked",
  "transfer-encoding: xchunked",
  "transfer-encoding: chunked, identity",
  "transfer-encoding: identity",
  "transfer-encoding: gzip, chunked",
  "transfer-encoding: chunked, chunked",
  "transfer-encoding:\tchunked",
  "transfer-encoding:\vchunked",
  'transfer-encoding: "chunked"',
  "transfer-encoding:",
  "transfer-encoding",
  "transfer-encoding: chunked;q=1",
  "te: trailers",
  "host: other",
  "host:",
  "host: a b",
  "host: a,b",
  "host: x/y",
  "connection: close",
  "connection: keep-alive",
  "connection: close, upgrade",
  "connection: upgrade",
  "connection: content-length",
  "upgrade: websocket",
  "expect: 100-continue",
  "expect: 200-ok",
  "keep-alive: timeout=5",
  "proxy-connection: close",
  " folded: x",
  "\tfolded",
  ": no name",
  "no colon",
  "x y: z",
  "x\xe4: z",
  "x-nul: a\0b",
  "x-cr: a\rb",
  "x-lf: a\nb",
  "x-del: a\x7fb",
  "x-esc: a\x1bb",
  "",
];

const versions = [
  "HTTP/1.0",
  "HTTP/1.1",
  "HTTP/2.0",
  "HTTP/0.9",
  "HTTP/1.2",
  "HTTP/1.01",
  "http/1.1",
  "HTTP/11",
  "HTTP/1.1 ",
];

const numbers = [
  "0",
  "1",
  "5",
  "05",
  "+5",
  "-0",
  "a",
  "A",
  "g",
  "ffffffff",
  "fffffffffffffffff",
  "100000000000000000",
  "1 ",
  " 1",
];

const methods = ["GET", "get", "CONNECT", "TRACE", "FOO", "G ET", "PRI", "M-SEARCH", "QUERY", "GET\t", "", "POST "];

const targets = [
  "",
  "*",
  "a",
  "/ /",
  "/\t",
  "/\x80",
  "/#f",
  "/\\",
  "/a b",
  "http://",
  "http://h/",
  "HTTPS://h/x",
  "h:80",
  "/\x7f",
  "ftp://h/x",
  "http:///x",
  "http://u@h/x",
];

const endsOfLines = ["\n", "\r", "\r\r\n", "\n\r", "\r\n\r\n", "", " \r\n", "\r\n "];

const splitLines = (text) => text.split("\r\n");

const operations = [
  (random, text) => splice(text, random.below(text.length + 1), 0, random.pick(bytes)),
  (random, text) => splice(text, random.below(text.length), 1, random.pick(bytes)),
  (random, text) => splice(text, random.below(text.length), 1 + random.below(3), ""),
  (random, text) => splice(text, random.below(text.length), 1, String.fromCharCode(random.below(256))),
  replaceLineEnd,
  replaceLineEnd,
  addLine,
  addLine,
  addLine,
  removeLine,
  repeatLine,
  swapLines,
  replaceNumber,
  replaceNumber,
  replacePart,
  (random, text) => text.slice(0, random.below(text.length + 1)),
  (random, text) =>
    splice(text, random.below(text.length), 0, text.slice(random.below(text.length)).slice(0, random.below(30))),
  flipCase,
  padColon,
];

/** Between one and four changes. @param {import("./random.mjs").Random} random @param {string} text */
export function mutate(random, text) {
  let mutated = text;
  do mutated = random.pick(operations)(random, mutated);
  while (random.oneIn(3));
  return mutated;
}

function splice(text, at, count, inserted) {
  return text.slice(0, at) + inserted + text.slice(at + count);
}

function replaceLineEnd(random, text) {
  const ends = text.split("\r\n").length - 1;
  if (ends === 0) return text;
  let at = -1;
  for (let skip = random.below(ends); skip >= 0; skip--) at = text.indexOf("\r\n", at + 1);
  return splice(text, at, 2, random.pick(endsOfLines));
}

function addLine(random, text) {
  const all = splitLines(text);
  all.splice(1 + random.below(Math.max(1, all.length - 1)), 0, random.pick(lines));
  return all.join("\r\n");
}

function removeLine(random, text) {
  const all = splitLines(text);
  all.splice(random.below(all.length), 1);
  return all.join("\r\n");
}

function repeatLine(random, text) {
  const all = splitLines(text);
  const at = random.below(all.length);
  all.splice(at, 0, all[at]);
  return all.join("\r\n");
}

function swapLines(random, text) {
  const all = splitLines(text);
  const [first, second] = [random.below(all.length), random.below(all.length)];
  [all[first], all[second]] = [all[second], all[first]];
  return all.join("\r\n");
}

/** Lengths and sizes of chunks: wherever one stands. */
function replaceNumber(random, text) {
  const found = [...text.matchAll(/(?<=: |\r\n)[0-9a-f]+(?=[\r;])/g)];
  if (found.length === 0) return addLine(random, text);
  const { index, 0: number } = random.pick(found);
  return splice(text, index, number.length, random.pick(numbers));
}

/** Method, target or version. */
function replacePart(random, text) {
  const end = text.indexOf("\r\n");
  const parts = text.slice(0, end === -1 ? text.length : end).split(" ");
  if (parts.length !== 3) return splice(text, random.below(text.length + 1), 0, " ");
  const at = random.below(3);
  parts[at] = random.pick([methods, targets, versions][at]);
  return parts.join(" ") + (end === -1 ? "" : text.slice(end));
}

function flipCase(random, text) {
  const at = random.below(text.length);
  const character = text[at] ?? "";
  const flipped = character === character.toLowerCase() ? character.toUpperCase() : character.toLowerCase();
  return splice(text, at, 1, flipped.charCodeAt(0) < 256 ? flipped : character);
}

function padColon(random, text) {
  const at = text.indexOf(":", random.below(text.length));
  return at === -1 ? text : splice(text, at, 1, random.pick([" :", "\t:", ":\t ", "::", ": \r\n ", ":\x0b", ":\x00"]));
}
