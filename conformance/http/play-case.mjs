// Plays one case of the suite against a door and tells everything that a client can find out.
import assert from "node:assert/strict";
import { hints } from "./differences.mjs";
import { WireClient } from "./wire.mjs";
import { get } from "./cases/write.mjs";

/** Ways for the bytes of a case to arrive. @type {Record<string, (bytes: string) => string[]>} */
export const arrivals = {
  whole: (bytes) => [bytes],
  "in two": (bytes) => [bytes.slice(0, bytes.length >> 1), bytes.slice(bytes.length >> 1)],
  "between CR and LF": (bytes) => bytes.split(/(?<=\r)(?=\n)/),
  "line by line": (bytes) => bytes.split(/(?<=\n)/),
  "byte by byte": (bytes) => bytes.split(""),
};

/** Beyond this, single bytes only take time. */
const MAX_SINGLE_BYTES = 700;

export function arrivalsOf({ send }) {
  const isLong = send.length > MAX_SINGLE_BYTES;
  return Object.keys(arrivals).filter((name) => name === "whole" || name === "in two" || !isLong);
}

/** @returns {Promise<{ answers: object[], end: string }>} */
export async function playCase(port, { send, answers, end, methods = [], halfClose = false }, arrival) {
  const client = await WireClient.open(port);
  try {
    await client.send(arrivals[arrival](send).filter((piece) => piece !== ""));
    if (halfClose) client.endWriting();
    const told = [];
    for (const [index, expected] of answers.entries()) {
      const answer = await client.readAnswer(methods[index] ?? "GET");
      if (answer === undefined) return { answers: told, end: "closed" };
      told.push(normalize(answer, expected));
    }
    return { answers: told, end: await endOf(client, end) };
  } finally {
    client.destroy();
  }
}

/** Open is who answers one more request; which one it is said to be decides how to look, and a wrong guess shows. */
async function endOf(client, expected) {
  if (expected === "closed") {
    const rest = await client.untilClosed();
    return rest === "" ? "closed" : `closed behind ${JSON.stringify(rest)}`;
  }
  await client.send(get("/sync"));
  const answer = await client.readAnswer();
  if (answer === undefined) return "closed";
  return answer.body === "GET" && client.unread === "" ? "open" : `open, but out of step: ${JSON.stringify(answer)}`;
}

/** Without what differs from one request to the next, and without order, which means nothing in a head. */
function normalize(answer, expected) {
  const headers = answer.headers.filter(([name, value]) => !hints.has(`${name}: ${value}`)).map(settled);
  const isJson = answer.headers.some(([name, value]) => name === "content-type" && value === "application/json");
  const body =
    isJson && answer.framing !== "none" ? JSON.parse(Buffer.from(answer.body, "latin1").toString()) : answer.body;
  if (expected.keepDate) return { ...answer, headers: answer.headers.map((field) => field.join(": ")).sort(), body };
  if (!isMalformed(body)) return { ...answer, headers: headers.map((field) => field.join(": ")).sort(), body };
  // Why bytes are no request the lanes say in their own words.
  const others = headers.filter(([name]) => name !== "content-length").map((field) => field.join(": "));
  return { ...answer, headers: others.sort(), body: { ...body, message: "malformed" } };
}

function isMalformed(body) {
  return typeof body?.message === "string" && body.message.startsWith("the request is not valid HTTP/1.1: ");
}

function settled([name, value]) {
  if (name === "date") return [name, Number.isNaN(Date.parse(value)) ? value : "a date"];
  if (name === "x-request-id") return [name, "an id"];
  return [name, value];
}

/** Compares what was told with what the case expects. */
export function assertExpected(told, { answers, end }) {
  assert.deepEqual(
    told.answers.map(({ status }) => status),
    answers.map(({ status = 200 }) => status),
  );
  for (const [index, expected] of answers.entries()) assertAnswer(told.answers[index], expected);
  if (end !== "either") assert.equal(told.end, end);
}

function assertAnswer(answer, expected) {
  const valuesOf = (name) =>
    answer.headers.filter((field) => field.startsWith(`${name}: `)).map((field) => field.slice(name.length + 2));
  for (const name of ["reason", "body", "framing", "brokeOff"]) {
    if (name in expected) assert.deepEqual(answer[name], expected[name]);
  }
  if ("trailers" in expected) assert.deepEqual(answer.trailers, expected.trailers);
  if ("informational" in expected) assert.deepEqual(answer.informational, expected.informational);
  for (const [name, value] of Object.entries(expected.headers ?? {}))
    assert.deepEqual(valuesOf(name), [value].flat(), name);
  for (const name of expected.without ?? []) assert.deepEqual(valuesOf(name), [], name);
  for (const name of expected.present ?? []) assert.equal(valuesOf(name).length, 1, name);
  if ("cookies" in expected) assert.deepEqual(valuesOf("set-cookie"), expected.cookies);
  if (expected.code !== undefined) assert.equal(answer.body.code, expected.code);
  if (expected.isRefusal) assertRefusal(answer, valuesOf);
  for (const [name, value] of Object.entries(expected.sees ?? {})) assertSeen(answer.body, name, value);
}

/** Refusals have the form of every other error, and say that they close. */
function assertRefusal(answer, valuesOf) {
  assert.deepEqual(Object.keys(answer.body), ["code", "message", "details"]);
  assert.equal(typeof answer.body.code, "string");
  assert.deepEqual(valuesOf("connection"), ["close"]);
  assert.deepEqual(valuesOf("x-request-id"), ["an id"]);
}

function assertSeen(body, name, value) {
  const isGroup = name === "headers" || name === "single";
  if (!isGroup) assert.deepEqual(body[name], value, name);
  else for (const [key, one] of Object.entries(value)) assert.deepEqual(body[name][key], one, key);
}
