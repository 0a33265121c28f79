// What leaves a lane: heads, bodies of every kind, answers without one, and answers that break.
import { get, gives, post, request } from "./write.mjs";

const once = (name, path, expected, extra = {}) => ({
  name,
  send: get(path),
  answers: [expected],
  end: "open",
  ...extra,
});
const head = (name, path, expected) => ({
  name,
  send: request("HEAD", path),
  methods: ["HEAD"],
  answers: [{ ...expected, body: "" }],
  end: "open",
});
const utf8 = (text) => Buffer.from(text).toString("latin1");

export const answers = [
  once("a text", "/sync", { status: 200, body: "GET", framing: "length", headers: { "content-length": "3" } }),
  once("a text beyond latin1", "/unicode", {
    body: utf8("h\u00e9llo \u{1f600} \u4e16"),
    headers: { "content-length": "15" },
  }),
  once("a text within latin1", "/latin", {
    body: utf8("\u00e4\u00f6\u00fc\u00ff"),
    headers: { "content-length": "8" },
  }),
  once("bytes", "/bytes", { body: "\0\x01\x7f\x80\xff", headers: { "content-length": "5" } }),
  once("two megabytes of text", "/big-text", { body: "0123456789".repeat(200_000) }),
  once("a text of nothing", "/blank", { status: 200, body: "", headers: { "content-length": "0" } }),
  once("no body", "/none", { status: 200, body: "" }),
  once("204", "/empty", {
    status: 204,
    framing: "none",
    headers: { "x-kind": "empty" },
    without: ["content-length", "transfer-encoding"],
  }),
  once("304", "/not-modified", {
    status: 304,
    framing: "none",
    headers: { etag: '"1"' },
    without: ["transfer-encoding"],
  }),
  once("words of one's own", "/status-text", { status: 299, reason: "Quite Fine" }),
  once("a status without words", "/unknown-status", { status: 299 }),
  once("a teapot", "/teapot", { status: 418, reason: "I'm a Teapot" }),
  once("headers of every kind", "/headers", {
    headers: { "x-one": "1", "x-ready": "yes", "x-also": "ready", vary: ["a", "b"] },
    cookies: ["a=1; Path=/", "b=2"],
  }),
  once("a date", "/sync", { present: ["date"] }),
  once("a date of one's own", "/own-date", { headers: { date: "Thu, 01 Jan 1970 00:00:00 GMT" }, keepDate: true }),
  once("a header that would inject another", "/bad-header", { status: 500, code: "internal" }),
  once("a header name that is none", "/bad-name", { status: 500, code: "internal" }),
  {
    name: "an answer that closes",
    send: get("/own-close"),
    answers: [{ status: 200, body: "bye", headers: { connection: "close" } }],
    end: "closed",
  },
  once("an answer that throws", "/throw", { status: 500, code: "internal" }),
  once("an answer that rejects", "/reject", { status: 500, code: "internal" }),
  once("a stream", "/stream", { status: 200, body: "one two", framing: "chunked" }),
  once("a stream of nothing", "/empty-stream", { status: 200, body: "" }),
  once("a stream of text", "/strings", { status: 200, body: utf8("\u00e9x"), framing: "chunked" }),
  once("a stream that takes its time", "/slow-stream", { status: 200, body: "abc", framing: "chunked" }),
  once("a stream of known length", "/known-stream", { status: 200, body: "one two", framing: "length" }),
  once("a stream with trailers", "/trailers", {
    status: 200,
    body: "abc",
    framing: "chunked",
    trailers: [["x-sum", "6"]],
  }),
  {
    name: "a stream that breaks",
    send: get("/broken-stream"),
    answers: [{ status: 200, body: "half of ", brokeOff: true }],
    end: "closed",
  },
  once("a stream that is dead already", "/dead-stream", { status: 500, code: "internal" }),
  once("a stream that has ended already", "/ended-stream", { status: 200, body: "" }),
  once("204 with a stream", "/empty-with-stream", { status: 204, framing: "none" }),
  once("304 with a text", "/not-modified-with-text", { status: 304, framing: "none" }),
  head("HEAD of bytes", "/bytes", { status: 200, headers: { "content-length": "5" } }),
  head("HEAD of a text", "/sync", { status: 200, headers: { "content-length": "4" } }),
  head("HEAD of two megabytes", "/big-text", { status: 200, headers: { "content-length": "2000000" } }),
  head("HEAD of a stream", "/stream", { status: 200, framing: "none" }),
  head("HEAD of a stream of known length", "/known-stream", { status: 200, headers: { "content-length": "7" } }),
  head("HEAD of nothing", "/empty", { status: 204 }),
  head("HEAD of 304", "/not-modified", { status: 304 }),
  head("HEAD of an error", "/throw", { status: 500 }),
  head("HEAD of nowhere", "/nowhere", { status: 404 }),
  {
    name: "answers of all kinds on one connection",
    send: ["/sync", "/stream", "/empty", "/bytes", "/throw", "/trailers", "/not-modified", "/reject", "/none"]
      .map((path) => get(path))
      .join(""),
    answers: [
      gives("GET"),
      gives("one two"),
      gives("", 204),
      {},
      { status: 500 },
      gives("abc"),
      gives("", 304),
      { status: 500 },
      gives(""),
    ],
    end: "open",
  },
  {
    name: "HEAD between others",
    send: get("/sync") + request("HEAD", "/stream") + get("/stream") + request("HEAD", "/bytes") + get("/sync"),
    methods: ["GET", "HEAD", "GET", "HEAD", "GET"],
    answers: [gives("GET"), gives(""), gives("one two"), gives(""), gives("GET")],
    end: "open",
  },
  {
    name: "a raw endpoint",
    send: get("/raw"),
    answers: [{ status: 200, body: "raw /raw", headers: { "x-raw": "GET" } }],
    end: "open",
  },
  {
    name: "a raw endpoint with a body and a query",
    send: post("/raw?a=b", "abc"),
    answers: [{ status: 200, body: "raw /raw?a=b", headers: { "x-raw": "POST" } }],
    end: "open",
  },
  {
    name: "raw endpoints between others",
    send: get("/sync") + post("/raw?1", "x") + get("/slow") + get("/raw?2") + post("/echo", "end"),
    answers: [gives("GET"), gives("raw /raw?1"), {}, gives("raw /raw?2"), { sees: { body: "end" } }],
    end: "open",
  },
];
