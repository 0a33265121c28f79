// Mutated answers through the reader of answers and through the client of node:http: what both take is the same, what only ours takes is a
// finding, and the pieces in which they arrive mean nothing.
import assert from "node:assert/strict";
import { request as sendRequest } from "node:http";
import { Duplex } from "node:stream";
import { describe, test } from "node:test";
import { FramingError } from "../../../packages/runtime/dist/http/framing-error.js";
import { ResponseParser } from "../../../packages/runtime/dist/http/parse-response.js";
import { mutate } from "./mutate.mjs";
import { Random } from "./random.mjs";
import { writeResponse } from "./response-grammar.mjs";

const INPUTS = 3_000;
const BATCH = 200;

function inputOf(seed) {
  const random = new Random(seed);
  const text = writeResponse(random);
  return random.oneIn(10) ? text : mutate(random, text);
}

/** What comes first of final answers, and how the reading of all of it went. */
function readOurs(pieces) {
  const told = { answers: [], isRefused: false };
  const parser = new ResponseParser({
    expectedBody: () => "body",
    onInterim() {},
    onHead({ status, statusText, headers }) {
      told.answers.push({ status, statusText, headers: { ...headers }, body: "", isComplete: false, trailers: {} });
    },
    onBodyPart(part) {
      told.answers.at(-1).body += part.latin1Slice();
    },
    onEnd(trailers) {
      Object.assign(told.answers.at(-1), { isComplete: true, trailers: { ...trailers } });
    },
  });
  try {
    for (const piece of pieces) parser.push(piece);
    parser.finish();
  } catch (error) {
    if (!(error instanceof FramingError)) throw error;
    // Why may depend on the pieces: a line that never ends is looked at only as often as others do.
    told.isRefused = true;
  }
  return told;
}

class MemorySocket extends Duplex {
  _read() {}
  _write(_chunk, _encoding, done) {
    done();
  }
}

/** The first final answer as node:http reads it; undefined where it finds none. */
function readNode(text) {
  return new Promise((resolve) => {
    const socket = new MemorySocket();
    const request = sendRequest({ createConnection: () => socket, path: "/" });
    let answer;
    request.on("error", () => resolve(answer));
    request.on("upgrade", () => resolve(undefined));
    request.on("response", (response) => {
      const { statusCode: status, statusMessage: statusText, headers } = response;
      answer = { status, statusText, headers, body: "", isComplete: false, trailers: {} };
      response.setEncoding("latin1").on("data", (part) => {
        answer.body += part;
      });
      response.on("error", () => resolve(answer));
      response.on("end", () => {
        answer.isComplete = response.complete;
        answer.trailers = response.trailers;
        resolve(answer);
      });
    });
    request.end();
    socket.push(text, "latin1");
    setImmediate(() => socket.push(null));
  });
}

/** node:http ends a connection behind an interim answer that says "close"; the answer itself is still to come (RFC 9110, 15.2). */
const INTERIM_CLOSE = /^HTTP\/1\.1 1\d\d [^\r\n]*\r\n(?:[^\r\n]+\r\n)*(?:proxy-)?connection:[^\r\n]*close/i;

function assertSame(ours, node, text) {
  const first = ours.answers[0];
  if (first === undefined || !first.isComplete) return "refused";
  if (INTERIM_CLOSE.test(text)) return "same";
  const where = JSON.stringify(text);
  assert.ok(node !== undefined, `taken, though node:http takes nothing: ${where}`);
  assert.deepEqual(
    { ...first, headers: { ...first.headers } },
    { ...node, headers: { ...node.headers }, trailers: { ...node.trailers } },
    where,
  );
  return "same";
}

describe("answers", () => {
  test(`${INPUTS} mutated ones are understood as node:http understands them`, async () => {
    const counts = { same: 0, refused: 0 };
    for (let from = 0; from < INPUTS; from += BATCH) {
      const texts = Array.from({ length: BATCH }, (_, n) => inputOf(from + n));
      const read = await Promise.all(texts.map(readNode));
      for (const [n, text] of texts.entries()) {
        const bytes = Buffer.from(text, "latin1");
        const ours = readOurs([bytes]);
        counts[assertSame(ours, read[n], text)]++;
        for (let at = 1; at < bytes.length; at++) {
          assert.deepEqual(
            readOurs([bytes.subarray(0, at), bytes.subarray(at)]),
            ours,
            `split at ${at}: ${JSON.stringify(text)}`,
          );
        }
      }
    }
    assert.ok(counts.same > INPUTS / 4 && counts.refused > INPUTS / 10, JSON.stringify(counts));
  });
});
