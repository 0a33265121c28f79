// Writes requests that are valid, of all kinds: what mutations start from. Text stands for bytes, one character each (latin1).

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

const targets = [
  "/",
  "/a",
  "/users/42",
  "/a/b%2Fc/d%20e",
  "/search?q=a&limit=5&tag=x&tag=y",
  "/q?",
  "/q?a=%E4%F6&b=+&c",
  "/~x/(y)/!$&'*+,;=:@",
  "http://example.com/abs",
  "http://example.com/abs?x=1",
  "http://example.com",
  "//double/slash",
  "/a?b?c",
  "/.well-known/../x",
];

const hosts = ["host: example.com", "Host: example.com:4000", "HOST: 127.0.0.1:80", "host:[::1]:80", "host: x"];

const fields = [
  "accept: */*",
  "Accept-Encoding: gzip, deflate",
  "user-agent: fuzz/1.0 (x; y)",
  "content-type: application/json",
  "x-empty:",
  "x-empty:   ",
  "x-padded:   a b  ",
  "x-tab:\ta\tb\t",
  "x-latin: \xe4\xf6\xfc",
  "cookie: a=1; b=2",
  "Cookie: c=3",
  "set-cookie: a=1",
  "set-cookie: b=2",
  "x-list: a",
  "x-list: b, c",
  "X-List: d",
  "authorization: Bearer abc",
  "authorization: Basic xyz",
  "referer: http://a/",
  "referer: http://b/",
  'if-none-match: "x"',
  'if-none-match: "y"',
  'etag: "1"',
  'etag: "2"',
  "age: 1",
  "connection: keep-alive",
  "x-a!#$%&'*+-.^_`|~9: tokens",
  "x-colons: a:b:c",
  'x-quoted: "a, b"',
  "__proto__: x",
  "constructor: y",
  "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
];

const endings = ["connection: close", "Connection: Close", "connection: keep-alive, close"];

const trailers = ["x-check: abc", "X-Two: 1", "x-check: again", "x-empty:"];

const extensions = ["", "", "", ";a=b", ";a", ';a="q"', ";a=b;c=d"];

/** One valid request. @param {import("./random.mjs").Random} random */
export function writeRequest(random, { canClose = false } = {}) {
  const framing = random.below(4);
  const method = framing < 2 ? random.pick(methods) : random.pick(["POST", "PUT", "PATCH", "DELETE"]);
  const lines = [`${method} ${random.pick(targets)} HTTP/1.1`, random.pick(hosts)];
  for (let count = random.below(5); count > 0; count--) lines.push(random.pick(fields));
  let body = "";
  if (framing === 2) {
    body = writeContent(random);
    lines.push(`${random.pick(["content-length", "Content-Length"])}: ${body.length}`);
    if (random.oneIn(8)) lines.push("expect: 100-continue");
  } else if (framing === 3) {
    lines.push(random.pick(["transfer-encoding: chunked", "Transfer-Encoding: chunked", "transfer-encoding: Chunked"]));
    body = writeChunks(random, lines);
  } else if (random.oneIn(6)) {
    lines.push("content-length: 0");
  }
  if (canClose && random.oneIn(12)) lines.push(random.pick(endings));
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

/** Bodies that look like requests find out who loses count. */
function writeContent(random) {
  const kind = random.below(5);
  if (kind === 0) return "{}";
  if (kind === 1) return '{"name":"x","list":[1,2]}';
  if (kind === 2) return "x".repeat(random.below(40));
  if (kind === 3) return "GET /inside HTTP/1.1\r\nhost: inside\r\n\r\n";
  return "0\r\n\r\n";
}

function writeChunks(random, lines) {
  let text = "";
  for (let count = random.below(4); count > 0; count--) {
    const content = writeContent(random);
    if (content.length === 0) continue;
    text += `${writeSize(random, content.length)}${random.pick(extensions)}\r\n${content}\r\n`;
  }
  text += `${random.pick(["0", "0", "00", "0;last"])}\r\n`;
  if (random.oneIn(3)) {
    lines.push("trailer: x-check");
    for (let count = 1 + random.below(2); count > 0; count--) text += `${random.pick(trailers)}\r\n`;
  }
  return `${text}\r\n`;
}

function writeSize(random, size) {
  const text = size.toString(16);
  const kind = random.below(6);
  if (kind === 0) return text.toUpperCase();
  if (kind === 1) return `0${text}`;
  return text;
}
