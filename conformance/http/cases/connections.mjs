// What becomes of a connection: kept, closed, pipelined, half closed, told to go on.
import { chunked, get, gives, host, post, request, sees } from "./write.mjs";

const kept = (name, send, answers) => ({ name, send, answers, end: "open" });
const closes = (name, send, answers) => ({ name, send, answers, end: "closed" });
const fine = sees({ path: "/echo" });
const old = (...lines) => `${["GET /echo HTTP/1.0", ...lines].join("\r\n")}\r\n\r\n`;

export const connections = [
  kept("three requests, one behind the other", get("/echo?1") + post("/echo?2", "two") + get("/echo?3"), [
    sees({ query: "1" }),
    sees({ query: "2", body: "two" }),
    sees({ query: "3" }),
  ]),
  kept("the slow one comes first all the same", get("/slow?first") + get("/sync") + get("/slow?third") + get("/sync"), [
    sees({ query: "first" }),
    gives("GET"),
    sees({ query: "third" }),
    gives("GET"),
  ]),
  kept(
    "the slow one with a body",
    post("/slow", "abc") + post("/echo", "def") + chunked("/slow", "1\r\nx\r\n0\r\n\r\n"),
    [sees({ body: "abc" }), sees({ body: "def" }), sees({ body: "x" })],
  ),
  kept(
    "two hundred in one go",
    Array.from({ length: 200 }, (_, n) => get(`/echo?${n}`)).join(""),
    Array.from({ length: 200 }, (_, n) => sees({ query: String(n) })),
  ),
  kept("a stream before a text", get("/slow-stream") + get("/sync"), [gives("abc"), gives("GET")]),
  kept("a mistake in the middle", get("/sync") + get("/nowhere") + get("/throw") + get("/sync"), [
    gives("GET"),
    { status: 404 },
    { status: 500 },
    gives("GET"),
  ]),
  closes("a broken one behind a good one", `${get("/sync")}BROKEN\r\n\r\n`, [
    gives("GET"),
    { status: 400, isRefusal: true },
  ]),
  closes("a broken one behind a slow one", `${get("/slow")}${get("/echo", "x-a : b")}`, [
    seen("/slow"),
    { status: 400, isRefusal: true },
  ]),
  closes("nothing behind a broken one is looked at", `${get("/echo", "x a: b")}${get("/sync")}`, [
    { status: 400, isRefusal: true },
  ]),
  closes("connection: close", get("/echo", "connection: close"), [{ ...fine, headers: { connection: "close" } }]),
  closes("Connection: CLOSE", get("/echo", "Connection: CLOSE"), [{ ...fine, headers: { connection: "close" } }]),
  closes("close in a list", get("/echo", "connection: x-a, close"), [{ ...fine, headers: { connection: "close" } }]),
  closes("close in a second field", get("/echo", "connection: x-a", "connection: close"), [
    { ...fine, headers: { connection: "close" } },
  ]),
  closes("close and keep-alive", get("/echo", "connection: keep-alive, close"), [fine]),
  closes("nothing behind a closing one is looked at", get("/sync") + get("/echo", "connection: close") + get("/sync"), [
    gives("GET"),
    fine,
  ]),
  closes("close with a body", post("/echo", "abc", "connection: close"), [sees({ body: "abc" })]),
  closes("close with a stream", get("/stream", "connection: close"), [gives("one two")]),
  closes("close with an answer without a body", get("/empty", "connection: close"), [gives("", 204)]),
  closes("close with a body that nobody reads", post("/ignore", "x".repeat(5000), "connection: close"), [
    gives("ignored"),
  ]),
  kept("connection: keep-alive", get("/echo", "connection: keep-alive"), [fine]),
  kept("connection of another header", get("/echo", "connection: x-a", "x-a: 1"), [fine]),
  kept("a token that only begins like close", get("/echo", "connection: closed"), [fine]),
  kept("a token behind a byte that is white elsewhere", get("/echo", "connection: \xa0close"), [fine]),
  kept("connection of nothing", get("/echo", "connection:"), [fine]),
  closes("HTTP/1.0", old(host), [fine]),
  closes("HTTP/1.0 without a host", old(), [fine]),
  closes("HTTP/1.0 behind HTTP/1.1", get("/sync") + old(host), [gives("GET"), fine]),
  kept("HTTP/1.0 that wants to stay", old(host, "connection: keep-alive"), [fine]),
  closes("HTTP/1.0 gets no chunks", `GET /stream HTTP/1.0\r\n${host}\r\n\r\n`, [
    { status: 200, body: "one two", framing: "until close" },
  ]),
  {
    name: "a client that half-closes behind its request",
    send: get("/echo"),
    halfClose: true,
    answers: [fine],
    end: "closed",
  },
  {
    name: "a client that half-closes while the answer is under way",
    send: get("/slow"),
    halfClose: true,
    answers: [seen("/slow")],
    end: "closed",
  },
  {
    name: "a client that half-closes behind several",
    send: get("/sync") + get("/slow") + post("/echo", "last"),
    halfClose: true,
    answers: [gives("GET"), seen("/slow"), sees({ body: "last" })],
    end: "closed",
  },
  { name: "a client that says nothing and half-closes", send: "", halfClose: true, answers: [], end: "closed" },
  { name: "an empty line and nothing more", send: "\r\n", halfClose: true, answers: [], end: "closed" },
  kept("expect: body at once", request("POST", "/echo", ["expect: 100-continue", "content-length: 3"], "abc"), [
    { ...sees({ body: "abc" }), informational: [100] },
  ]),
  kept("Expect: 100-Continue", request("POST", "/echo", ["Expect: 100-Continue", "content-length: 3"], "abc"), [
    { ...sees({ body: "abc" }), informational: [100] },
  ]),
  kept("expect with chunks", chunked("/echo", "3\r\nabc\r\n0\r\n\r\n", "expect: 100-continue"), [
    { ...sees({ body: "abc" }), informational: [100] },
  ]),
  closes(
    "expect, and nobody asks for the body",
    request("POST", "/refuse", ["expect: 100-continue", "content-length: 3"], ""),
    [{ status: 413, body: "too much", informational: [], headers: { connection: "close" } }],
  ),
];

function seen(path) {
  return sees({ path });
}
