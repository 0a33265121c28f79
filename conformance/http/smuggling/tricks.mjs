// Ways to make two servers disagree on where a request ends, or on what it says, as they are known from the literature. Each has a name,
// its bytes (latin1) and what becomes of it. "400" and its like: refused, nothing of it is served, the connection ends. Otherwise every
// request that is understood, as `METHOD id "body"` with the id from its query, and whether the connection goes on. `compat` is what
// node:http makes of it, where that is something else; "varies": its versions differ.

const head = (...lines) =>
  `POST /echo?1 HTTP/1.1\r\nhost: example.com\r\n${lines.map((line) => `${line}\r\n`).join("")}\r\n`;
const inside = "GET /echo?smuggled HTTP/1.1\r\nhost: example.com\r\n\r\n";
const insideLength = `content-length: ${inside.length}`;
const noChunks = "0\r\n\r\n";
const chunks = "transfer-encoding: chunked";
const get = (line) => `GET /echo?1 HTTP/1.1\r\nhost: example.com\r\n${line}\r\n\r\n`;

/** @typedef {{ name: string, bytes: string, outcome: string, compat?: string }} Trick */

/** @returns {Trick} */
const trick = (name, bytes, outcome, compat) => ({ name, bytes, outcome, ...(compat === undefined ? {} : { compat }) });

/** Content-Length and Transfer-Encoding, one of which the other server believes. */
const twoFramings = [
  trick("CL.TE", `${head("content-length: 6", chunks) + noChunks}G`, "400"),
  trick("TE.CL", `${head(chunks, "content-length: 4")}5c\r\n${inside}`, "400"),
  trick("CL.TE, length zero", head("content-length: 0", chunks) + noChunks + inside, "400"),
  trick("TE.CL, equal to the chunks' length", head(chunks, `content-length: ${noChunks.length}`) + noChunks, "400"),
  trick("CL.TE in capitals", `${head("CONTENT-LENGTH: 6", "TRANSFER-ENCODING: CHUNKED") + noChunks}G`, "400"),
  trick("both, far from each other", head("content-length: 5", ...Array(50).fill("x-a: b"), chunks) + noChunks, "400"),
  trick(
    "both, with a GET",
    `GET /echo?1 HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n${chunks}\r\n\r\n${noChunks}`,
    "400",
  ),
  trick(
    "both, with HTTP/1.0",
    `POST /echo?1 HTTP/1.0\r\nhost: a\r\ncontent-length: 5\r\n${chunks}\r\n\r\n${noChunks}`,
    "400",
  ),
  trick("CL.CL", head("content-length: 0", insideLength) + inside, "400"),
  trick("CL.CL, the other way round", head(insideLength, "content-length: 0") + inside, "400"),
  trick("CL.CL, equal", `${head("content-length: 1", "content-length: 1")}x`, "400"),
  trick("CL.CL in one field", head("content-length: 0, 44") + inside, "400"),
  trick("CL.CL in one field, equal", `${head("content-length: 1, 1")}x`, "400"),
  trick("TE.TE", head(chunks, "transfer-encoding: identity") + noChunks + inside, "501", "varies"),
  trick("TE.TE, unknown behind", head(chunks, "transfer-encoding: x") + noChunks + inside, "501", "varies"),
  trick("TE.TE, unknown before", head("transfer-encoding: x", chunks) + noChunks + inside, "501", "varies"),
  trick("TE.TE, twice", head(chunks, chunks) + noChunks, "501", "varies"),
];

/** Transfer-Encoding that one server sees and the other does not. */
const hiddenEncodings = [
  trick("TE: xchunked", head("transfer-encoding: xchunked", "content-length: 5") + noChunks, "501", "400"),
  trick("TE: chunked with a vertical tab", head("transfer-encoding: \x0bchunked") + noChunks, "400"),
  trick("TE: chunked with a tab behind", head("transfer-encoding: chunked\t") + noChunks, "501", "400"),
  trick("CL with a tab behind", `${head("content-length: 1\t")}x`, "400", "varies"),
  trick("TE: chunked with a form feed", head("transfer-encoding: \x0cchunked") + noChunks, "400"),
  trick("TE: chunked with a NUL", head("transfer-encoding: chunked\0") + noChunks, "400"),
  trick("TE: chunked in quotes", head('transfer-encoding: "chunked"') + noChunks, "501", "400"),
  trick("TE: chunked in single quotes", head("transfer-encoding: 'chunked'") + noChunks, "501", "400"),
  trick("TE: chunked with a parameter", head("transfer-encoding: chunked;a=b") + noChunks, "501", "400"),
  trick("TE: chunked with a comma behind", head("transfer-encoding: chunked,") + noChunks, "501", "varies"),
  trick("TE: chunked with a comma in front", head("transfer-encoding: ,chunked") + noChunks, "501", "varies"),
  trick("TE: cow, chunked", head("transfer-encoding: cow, chunked") + noChunks, "501", "varies"),
  trick("TE: chunked, cow", head("transfer-encoding: chunked, cow") + noChunks, "501", "400"),
  trick("TE: chunk", head("transfer-encoding: chunk") + noChunks, "501", "400"),
  trick("TE: nbsp before chunked", head("transfer-encoding: \xa0chunked") + noChunks, "501", "400"),
  trick("TE: dotless letters", head("transfer-encoding: chun\xebed") + noChunks, "501", "400"),
  trick("TE with a space before the colon", head("transfer-encoding : chunked", "content-length: 5") + noChunks, "400"),
  trick("TE with a tab before the colon", head("transfer-encoding\t: chunked", "content-length: 5") + noChunks, "400"),
  trick(
    "TE with a space in front",
    head("x-a: b", " transfer-encoding: chunked", "content-length: 5") + noChunks,
    "400",
  ),
  trick("TE in a folded line", head("transfer-encoding:", " chunked", "content-length: 5") + noChunks, "400", "varies"),
  trick("TE in a line folded by a tab", head("transfer-encoding:", "\tchunked") + noChunks, "400", "varies"),
  trick("TE behind a bare LF", head(`x-a: b\n${chunks}`, "content-length: 5") + noChunks, "400"),
  trick("TE behind a bare CR", head(`x-a: b\r${chunks}`, "content-length: 5") + noChunks, "400"),
  trick("TE behind a NUL", head(`x-a: b\0${chunks}`, "content-length: 5") + noChunks, "400"),
  trick(
    "TE with an underscore is another header",
    head("transfer_encoding: chunked", "content-length: 5") + noChunks,
    'POST 1 "0\\r\\n\\r\\n", open',
  ),
  trick("TE with a nbsp in its name", head("transfer-encoding\xa0: chunked", "content-length: 5") + noChunks, "400"),
  trick("TE without a colon", head("transfer-encoding chunked", "content-length: 5") + noChunks, "400"),
  trick("TE of nothing, and a length", head("transfer-encoding:", "content-length: 5") + noChunks, "501", "varies"),
  trick("TE named by Connection", head("connection: transfer-encoding", chunks) + noChunks, 'POST 1 "", open'),
  trick("CL named by Connection", `${head("connection: content-length", "content-length: 1")}x`, 'POST 1 "x", open'),
];

/** Lengths that are read in different ways. */
const oddLengths = [
  trick("CL with a plus", `${head("content-length: +1")}x`, "400"),
  trick("CL with a minus", `${head("content-length: -1")}x`, "400"),
  trick("CL with a zero in front", `${head("content-length: 01")}x`, "400", 'POST 1 "x", open'),
  trick("CL in octal", `${head("content-length: 010")}12345678`, "400", "varies"),
  trick("CL in hexadecimal", `${head("content-length: 0x1")}x`, "400"),
  trick("CL with an exponent", `${head("content-length: 1e1")}x`, "400"),
  trick("CL with a fraction", `${head("content-length: 1.0")}x`, "400"),
  trick("CL with a space inside", `${head("content-length: 1 0")}x`, "400"),
  trick("CL with letters behind", `${head("content-length: 1abc")}x`, "400"),
  trick("CL with a separator", `${head("content-length: 1_0")}x`, "400"),
  trick("CL in other digits", `${head("content-length: \xb9")}x`, "400"),
  trick("CL beyond 2^64, which some wrap", `${head("content-length: 18446744073709551617")}x`, "400"),
  trick("CL of nothing", head("content-length: ") + inside, "400"),
  trick("CL of a quoted number", `${head('content-length: "1"')}x`, "400"),
  trick("CL with a semicolon", `${head("content-length: 1;")}x`, "400"),
  trick("CL with a space before the colon", `${head("content-length : 1")}x`, "400"),
  trick("CL with an underscore is another header", head("content_length: 44"), 'POST 1 "", open'),
  trick(
    "CL.0: a body that no route wants is read all the same",
    `POST /nowhere HTTP/1.1\r\nhost: a\r\n${insideLength}\r\n\r\n${inside}`,
    "404, open",
  ),
  trick(
    "CL.0: a GET with a body",
    `GET /echo?1 HTTP/1.1\r\nhost: a\r\n${insideLength}\r\n\r\n${inside}`,
    `GET 1 ${JSON.stringify(inside)}, open`,
  ),
  trick(
    "CL.0: a HEAD with a body",
    `DELETE /echo?1 HTTP/1.1\r\nhost: a\r\n${insideLength}\r\n\r\n${inside}`,
    `DELETE 1 ${JSON.stringify(inside)}, open`,
  ),
  trick(
    "TE.0: an OPTIONS with chunks",
    `OPTIONS /echo?1 HTTP/1.1\r\nhost: a\r\n${chunks}\r\n\r\n2c\r\n${inside}\r\n0\r\n\r\n`,
    "varies",
  ),
];

/** Chunks that one server counts and the other does not. */
const oddChunks = [
  trick("chunk size beyond 2^32, which some cut", `${head(chunks)}100000001\n1\r\n0\r\n\r\n`, "400"),
  trick("chunk size beyond 2^64, which some wrap", `${head(chunks)}10000000000000001\r\nx\r\n0\r\n\r\n`, "400"),
  trick("chunk size with 0x", `${head(chunks)}0x1\r\nx\r\n0\r\n\r\n`, "400"),
  trick("chunk size with a plus", `${head(chunks)}+1\r\nx\r\n0\r\n\r\n`, "400"),
  trick("chunk size with a minus", `${head(chunks)}-1\r\nx\r\n0\r\n\r\n`, "400"),
  trick("chunk size with a space in front", `${head(chunks)} 1\r\nx\r\n0\r\n\r\n`, "400"),
  trick("chunk size with a space behind", `${head(chunks)}1 \r\nx\r\n0\r\n\r\n`, "400"),
  trick("chunk size with an underscore", `${head(chunks)}1_0\r\nx\r\n0\r\n\r\n`, "400"),
  trick("chunk size of nothing", `${head(chunks)}\r\nx\r\n0\r\n\r\n`, "400"),
  trick("chunk size of nothing but an extension", `${head(chunks)};a\r\nx\r\n0\r\n\r\n`, "400"),
  trick("chunk size ended by LF", `${head(chunks)}1\nx\r\n0\r\n\r\n`, "400"),
  trick("chunk size ended by CR", `${head(chunks)}1\rx\r\n0\r\n\r\n`, "400"),
  trick("chunk extension with a bare LF", `${head(chunks)}1;a\nx\r\n0\r\n\r\n${inside}`, "400"),
  trick("chunk extension with a bare CR", `${head(chunks)}1;a\rb\r\nx\r\n0\r\n\r\n`, "400"),
  trick("chunk extension with a NUL", `${head(chunks)}1;a\0\r\nx\r\n0\r\n\r\n`, "400"),
  trick("chunk extension with a line break in quotes", `${head(chunks)}1;a="\r\n"\r\nx\r\n0\r\n\r\n`, "400"),
  trick("chunk extension without a semicolon", `${head(chunks)}1 a\r\nx\r\n0\r\n\r\n`, "400"),
  trick("chunk extension of 20 KB", `${head(chunks)}1;a=${"b".repeat(20_000)}\r\nx\r\n0\r\n\r\n`, "400", "varies"),
  trick("chunk data ended by LF", `${head(chunks)}1\r\nx\n0\r\n\r\n`, "400"),
  trick("chunk data ended by CR", `${head(chunks)}1\r\nx\r0\r\n\r\n`, "400"),
  trick("chunk data ended by nothing", `${head(chunks)}1\r\nx0\r\n\r\n`, "400"),
  trick("chunk data ended by two other bytes", `${head(chunks)}1\r\nxAA0\r\n\r\n`, "400"),
  trick("chunk longer than its size", `${head(chunks)}1\r\nxy\r\n0\r\n\r\n`, "400"),
  trick("last chunk ended by LF", `${head(chunks)}0\n\r\n`, "400"),
  trick("last chunk with an empty line of LF", `${head(chunks)}0\r\n\n`, "400"),
  trick("last chunk of many zeros", `${head(chunks)}${"0".repeat(8)}\r\n\r\n`, 'POST 1 "", open'),
  trick("trailer that is a length", `${head(chunks)}0\r\n${insideLength}\r\n\r\n`, "400"),
  trick("trailer that is an encoding", `${head(chunks)}0\r\n${chunks}\r\n\r\n`, "400", "varies"),
  trick("trailer that is a host", `${head(chunks)}0\r\nhost: other\r\n\r\n`, "400", 'POST 1 "", open'),
  trick("trailer with a space before the colon", `${head(chunks)}0\r\nx-a : b\r\n\r\n`, "400"),
  trick("trailer that looks like a request", `${head(chunks)}0\r\n${inside}`, "400"),
];

/** Lines and fields that one server takes for another thing. */
const oddHeads = [
  trick("header injected by a bare LF", get("x-a: b\nx-admin: 1"), "400"),
  trick("header injected by a bare CR", get("x-a: b\rx-admin: 1"), "400"),
  trick("request injected by LF LF", get(`x-a: b\n\n${inside}`), "400"),
  trick(
    "request injected into the target",
    `GET /echo?1 HTTP/1.1\nhost: a\n\nGET /echo?smuggled HTTP/1.1\r\nhost: a\r\n\r\n`,
    "400",
  ),
  trick("header with a NUL", get("x-a: b\0c"), "400"),
  trick("header name with a NUL", get("x-a\0b: c"), "400"),
  trick("header name with a CR", get("x-a\r: c"), "400"),
  trick("folded header", get("x-a: b\r\n c"), "400"),
  trick("folded header of white space alone", get("x-a: b\r\n  "), "400"),
  trick("empty header name", get(": b"), "400"),
  trick("line without a colon", get("junk"), "400"),
  trick("two colons are one", get("x-a:: b"), 'GET 1 "", open'),
  trick("two hosts", get("host: other"), "400", 'GET 1 "", open'),
  trick("two equal hosts", get("host: example.com"), "400", 'GET 1 "", open'),
  trick("host with a space before the colon", "GET /echo?1 HTTP/1.1\r\nhost : a\r\n\r\n", "400"),
  trick("host with two names", "GET /echo?1 HTTP/1.1\r\nhost: a b\r\n\r\n", "400", 'GET 1 "", open'),
  trick("host with a path", "GET /echo?1 HTTP/1.1\r\nhost: a/../b\r\n\r\n", "400", 'GET 1 "", open'),
  trick(
    "host in the target is another",
    "GET http://other/echo?1 HTTP/1.1\r\nhost: example.com\r\n\r\n",
    'GET 1 "", open',
  ),
  trick(
    "absolute target without a host in it",
    "GET http:///echo?1 HTTP/1.1\r\nhost: example.com\r\n\r\n",
    "400",
    "varies",
  ),
  trick(
    "absolute target of another scheme",
    "GET ftp://other/echo?1 HTTP/1.1\r\nhost: example.com\r\n\r\n",
    "400",
    "varies",
  ),
  trick("a version that looks right", "GET /echo?1 HTTP/1.1\0\r\nhost: a\r\n\r\n", "400"),
  trick("a version with more digits", "GET /echo?1 HTTP/1.10\r\nhost: a\r\n\r\n", "400"),
  trick("two versions", "GET /echo?1 HTTP/1.1 HTTP/1.1\r\nhost: a\r\n\r\n", "400"),
  trick("white space other than one space", "GET\x0b/echo?1\x0bHTTP/1.1\r\nhost: a\r\n\r\n", "400"),
  trick("a space in front of the method", " GET /echo?1 HTTP/1.1\r\nhost: a\r\n\r\n", "400"),
  trick("junk behind a body", `${head("content-length: 1")}xjunk\r\n\r\n`, 'POST 1 "x", 400', "varies"),
  trick("a body without a length is the next request", `${head()}${inside}`, 'POST 1 "", GET smuggled "", open'),
  trick("a request behind a last one", `${get("connection: close")}${inside}`, 'GET 1 "", closed', "varies"),
  trick(
    "an upgrade to h2c",
    get("connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAARAAAAAAAIAAAAA"),
    'GET 1 "", closed',
  ),
  trick("expect of something else", `${head("expect: x", "content-length: 1")}x`, "varies"),
];

/** @type {Trick[]} */
export const tricks = [...twoFramings, ...hiddenEncodings, ...oddLengths, ...oddChunks, ...oddHeads];
