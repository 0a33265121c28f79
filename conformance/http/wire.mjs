// A client that writes bytes as told and reads answers as strictly as RFC 9112 lets it: anything odd in an answer is an error.
import { connect } from "node:net";

const DEADLINE_MS = 60_000;
const STATUS_LINE = /^HTTP\/1\.1 (\d{3}) ([\t\x20-\x7e\x80-\xff]*)$/;
const HEADER_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/;

/**
 * @typedef {object} WireAnswer
 * @property {number} status
 * @property {string} reason
 * @property {string[][]} headers name and value, names in lower case
 * @property {"length" | "chunked" | "none" | "until close"} framing
 * @property {string} body latin1
 * @property {string[][]} trailers
 * @property {number[]} informational statuses that came before
 */

export class WireClient {
  #socket;
  #received = "";
  #hasEnded = false;
  #isDiscarding = false;
  #wake = () => {};
  /** Why the connection broke: "ECONNRESET" and its like. */
  broken;

  constructor(socket) {
    this.#socket = socket;
    socket.setNoDelay(true).setEncoding("latin1");
    socket.on("data", (text) => {
      if (this.#isDiscarding) return;
      this.#received += text;
      this.#wake();
    });
    socket.on("error", (error) => {
      this.broken = error.code;
    });
    const onEnd = () => {
      this.#hasEnded = true;
      this.#wake();
    };
    socket.on("end", onEnd).on("close", onEnd);
  }

  /** @param {number} port */
  static async open(port) {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    return new WireClient(socket);
  }

  get socket() {
    return this.#socket;
  }

  /** What has come and has not been read as an answer. */
  get unread() {
    return this.#received;
  }

  /** Writes; the pieces of a list leave one by one, so that they commonly arrive one by one. @param {string | string[]} bytes */
  async send(bytes) {
    const pieces = Array.isArray(bytes) ? bytes : [bytes];
    for (const piece of pieces) {
      if (this.#socket.destroyed || !this.#socket.writable) return;
      this.#socket.write(piece, "latin1");
      if (pieces.length > 1) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Reads on, but keeps nothing of it. */
  discard() {
    this.#isDiscarding = true;
  }

  endWriting() {
    this.#socket.end();
  }

  destroy() {
    this.#socket.destroy();
  }

  /** The next final answer; undefined when the server ended the connection instead. `method`: of the request. @returns {Promise<WireAnswer | undefined>} */
  async readAnswer(method = "GET") {
    const informational = [];
    for (;;) {
      const head = await this.#readHead();
      if (head === undefined) return undefined;
      if (head.status >= 100 && head.status < 200 && head.status !== 101) {
        informational.push(head.status);
        continue;
      }
      return { ...head, ...(await this.#readBody(head, method)), informational };
    }
  }

  /** The head alone of whatever comes, informational answers too. */
  async readHead() {
    return this.#readHead();
  }

  /** Waits until the server has ended the connection; gives what came before. */
  async untilClosed() {
    await this.#until(() => this.#hasEnded);
    return this.#take(this.#received.length);
  }

  async readBytes(count) {
    await this.#until(() => this.#received.length >= count || this.#hasEnded);
    return this.#take(Math.min(count, this.#received.length));
  }

  async #readHead() {
    await this.#until(() => this.#received.includes("\r\n\r\n") || this.#hasEnded);
    if (this.#received === "" && this.#hasEnded) return undefined;
    const end = this.#received.indexOf("\r\n\r\n");
    if (end === -1) throw new Error(`the connection ended inside of a head: ${JSON.stringify(this.#received)}`);
    const [statusLine, ...lines] = this.#take(end + 4)
      .slice(0, end)
      .split("\r\n");
    const match = STATUS_LINE.exec(statusLine);
    if (match === null) throw new Error(`no status line: ${JSON.stringify(statusLine)}`);
    return { status: Number(match[1]), reason: match[2], headers: lines.map(readField) };
  }

  async #readBody({ status, headers }, method) {
    const valuesOf = (wanted) => headers.filter(([name]) => name === wanted).map(([, value]) => value);
    const lengths = valuesOf("content-length");
    const codings = valuesOf("transfer-encoding");
    if (lengths.length + codings.length > 1) throw new Error(`framed twice: ${JSON.stringify(headers)}`);
    const isBodyless = method === "HEAD" || status === 204 || status === 304 || status === 101;
    if (isBodyless) return { framing: "none", body: "", trailers: [] };
    if (codings.length === 1) {
      if (codings[0] !== "chunked") throw new Error(`transfer-encoding: ${codings[0]}`);
      return { framing: "chunked", ...(await this.#readChunks()) };
    }
    if (lengths.length === 0) return { framing: "until close", body: await this.untilClosed(), trailers: [] };
    if (!/^(0|[1-9]\d*)$/.test(lengths[0])) throw new Error(`content-length: ${lengths[0]}`);
    const length = Number(lengths[0]);
    const body = await this.readBytes(length);
    if (body.length < length) throw new Error(`the connection ended ${length - body.length} bytes before the body did`);
    return { framing: "length", body, trailers: [] };
  }

  async #readChunks() {
    let body = "";
    for (;;) {
      const line = await this.#readLine();
      if (line === undefined) return { body, trailers: [], brokeOff: true };
      if (!/^[0-9a-fA-F]+$/.test(line)) throw new Error(`no size of a chunk: ${JSON.stringify(line)}`);
      const size = Number.parseInt(line, 16);
      if (size === 0) break;
      const chunk = await this.readBytes(size + 2);
      if (chunk.length < size + 2) return { body: body + chunk.slice(0, size), trailers: [], brokeOff: true };
      if (!chunk.endsWith("\r\n")) throw new Error("a chunk is longer than it says");
      body += chunk.slice(0, -2);
    }
    const trailers = [];
    for (let line = await this.#readLine(); line !== ""; line = await this.#readLine()) {
      if (line === undefined) throw new Error("the connection ended inside of the trailers");
      trailers.push(readField(line));
    }
    return { body, trailers };
  }

  async #readLine() {
    await this.#until(() => this.#received.includes("\r\n") || this.#hasEnded);
    const end = this.#received.indexOf("\r\n");
    return end === -1 ? undefined : this.#take(end + 2).slice(0, end);
  }

  #take(count) {
    const taken = this.#received.slice(0, count);
    this.#received = this.#received.slice(count);
    return taken;
  }

  async #until(isTrue) {
    const endsAt = Date.now() + DEADLINE_MS;
    while (!isTrue()) {
      await new Promise((resolve, reject) => {
        const onDeadline = () =>
          reject(new Error(`nothing more came; so far ${JSON.stringify(this.#received.slice(0, 500))}`));
        const timer = setTimeout(onDeadline, endsAt - Date.now());
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

function readField(line) {
  const match = HEADER_LINE.exec(line);
  if (match === null) throw new Error(`no header line: ${JSON.stringify(line)}`);
  return [match[1].toLowerCase(), match[2]];
}
