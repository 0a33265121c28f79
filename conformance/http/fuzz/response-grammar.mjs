// Writes answers that are valid, of all kinds, and knows lines that make them something else. Text stands for bytes (latin1).

const statusLines = [
  "HTTP/1.1 200 OK",
  "HTTP/1.1 404 Not Found",
  "HTTP/1.1 500 Internal Server Error",
  "HTTP/1.1 200 ",
  "HTTP/1.1 299 Caf\xe9 au lait",
  "HTTP/1.0 200 OK",
];

const fields = [
  "content-type: application/json",
  "Date: Mon, 23 Nov 2026 00:00:00 GMT",
  "set-cookie: a=1",
  "Set-Cookie: b=2",
  "x-empty:",
  "x-padded:   a b\t",
  "vary: a",
  "Vary: b",
  "connection: keep-alive",
  "keep-alive: timeout=5",
  'etag: "x"',
  "traceresponse: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
];

const bodies = ["", "{}", '{"id":"x","list":[1,2]}', "0\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"];

/** One valid answer. @param {import("./random.mjs").Random} random */
export function writeResponse(random) {
  const lines = [random.pick(statusLines)];
  for (let count = random.below(4); count > 0; count--) lines.push(random.pick(fields));
  const interim = random.oneIn(8)
    ? `HTTP/1.1 ${random.pick(["100 Continue", "103 Early Hints"])}\r\nlink: x\r\n\r\n`
    : "";
  const kind = random.below(5);
  const body = random.pick(bodies);
  const isOld = lines[0].startsWith("HTTP/1.0");
  if (kind === 0)
    return `${interim}HTTP/1.1 ${random.pick(["204 No Content", "304 Not Modified"])}\r\n${lines
      .slice(1)
      .map((line) => `${line}\r\n`)
      .join("")}\r\n`;
  if (random.oneIn(8)) lines.push("connection: close");
  if (kind === 1 || isOld) return `${interim}${lines.join("\r\n")}\r\n\r\n${body}`;
  if (kind === 2) {
    const chunks = [body, random.pick(bodies)]
      .filter((part) => part !== "")
      .map((part) => `${part.length.toString(16)}\r\n${part}\r\n`);
    const trailers = random.oneIn(3) ? "x-sum: 1\r\n" : "";
    return `${interim}${lines.join("\r\n")}\r\ntransfer-encoding: chunked\r\n\r\n${chunks.join("")}0\r\n${trailers}\r\n`;
  }
  return `${interim}${lines.join("\r\n")}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}
