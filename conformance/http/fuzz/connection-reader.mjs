// What whole connections of the fast lane make of bytes, in many pieces, with answers that come at once, late, and in any order: the server
// itself over streams in memory. Told is what handlers saw and what went back over the wire.
import { Duplex } from "node:stream";
import { FastServer } from "../../../packages/runtime/dist/http/fast-server.js";
import { HEADER_LIMIT_BYTES } from "./fast-reader.mjs";

/** A socket, as far as the server looks at it. */
class MemorySocket extends Duplex {
  written = "";
  seen = [];
  hasLeft = false;
  remoteAddress = "";

  constructor() {
    super({ allowHalfOpen: true });
  }
  _read() {}
  _write(chunk, _encoding, done) {
    this.written += chunk.latin1Slice();
    done();
  }
  destroySoon() {
    this.end(() => this.destroy());
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

export class ConnectionReader {
  #random;
  #server;
  /** Whose bytes are being read: answers are given for one connection at a time. */
  #socket;

  /** @param {import("./random.mjs").Random} random how bytes are cut and when answers come */
  constructor(random) {
    this.#random = random;
    this.#server = new FastServer({
      answer: (request) => this.#answer(request),
      handOver: (socket) => {
        socket.hasLeft = true;
      },
      headerLimitBytes: HEADER_LIMIT_BYTES,
    });
  }

  /** @param {string} text */
  async read(text) {
    const socket = new MemorySocket();
    this.#socket = socket;
    this.#server.accept(socket);
    const bytes = Buffer.from(text, "latin1");
    for (let at = 0; at < bytes.length && !socket.hasLeft; ) {
      const end = Math.min(bytes.length, at + 1 + this.#random.below(this.#random.oneIn(3) ? 200 : 20));
      socket.push(bytes.subarray(at, end));
      at = end;
      if (this.#random.oneIn(3)) await turn();
    }
    await this.#quiet(socket);
    const { seen, written, hasLeft } = socket;
    const isEnded = socket.writableEnded;
    socket.destroy();
    await turn();
    return { seen, written, hasLeft, isEnded, underWay: this.#server.requestsUnderWay };
  }

  /** Until nothing has happened for some turns. */
  async #quiet(socket) {
    let last = "";
    for (let calm = 0; calm < 8; calm++) {
      await turn();
      const now = `${socket.written.length} ${socket.seen.length} ${socket.seen.map(({ state }) => state)}`;
      if (now !== last) calm = 0;
      last = now;
    }
  }

  #answer(request) {
    const { seen } = this.#socket;
    const { method, path, query, headers, hasBody } = request;
    const told = { method, path, query, headers, body: "", trailers: {}, state: "reading" };
    seen.push(told);
    const outgoing = { status: 200, headers: {}, body: `answer ${seen.length}` };
    const kind = this.#random.below(4);
    if (!hasBody && kind < 2) {
      told.state = "complete";
      return outgoing;
    }
    return this.#answerLater(request, told, outgoing, kind);
  }

  async #answerLater(request, told, outgoing, turns) {
    for (let waited = 0; waited < turns; waited++) await turn();
    try {
      if (request.hasBody) told.body = (await request.readBody(null)).latin1Slice();
    } catch (error) {
      told.state = "broken";
      throw error;
    }
    told.trailers = { ...request.trailers() };
    told.state = "complete";
    return outgoing;
  }
}

const HEAD = /^HTTP\/1\.1 (\d{3}) [^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n/;

/** The statuses and bodies of what was written; throws where it is not HTTP. @param {{ method: string }[]} seen */
export function readAnswers(written, seen) {
  const answers = [];
  let rest = written;
  while (rest !== "") {
    const match = HEAD.exec(rest);
    if (match === null) throw new Error(`no answer: ${JSON.stringify(rest.slice(0, 200))}`);
    rest = rest.slice(match[0].length);
    const status = Number(match[1]);
    if (status === 100) continue;
    const length = Number(/content-length: (\d+)/i.exec(match[2])?.[1] ?? 0);
    const isHead = seen[answers.length]?.method === "HEAD";
    answers.push({ status, body: isHead ? "" : rest.slice(0, length), isLast: /connection: close/i.test(match[2]) });
    if (!isHead) rest = rest.slice(length);
  }
  return answers;
}
