// What node:http makes of bytes: its own server, fed through streams in memory, many at a time. The reference of the fuzzing.
import { createServer, maxHeaderSize } from "node:http";
import { Duplex } from "node:stream";

/**
 * @typedef {object} Understood one request, as far as it came
 * @property {string} method
 * @property {string} target
 * @property {Record<string, string | string[]>} headers as node:http joins them
 * @property {boolean} isComplete
 * @property {string} body latin1
 * @property {Record<string, string>} trailers
 *
 * @typedef {object} Reading
 * @property {Understood[]} requests
 * @property {"open" | "incomplete" | "refused" | "closed" | "left"} end what became of the connection: waits between two requests, waits
 * inside of one, refused something, will not read on after a last request, left HTTP/1.1 (for another protocol, version or server)
 * @property {string} reason of a refusal
 */

class MemoryConnection extends Duplex {
  constructor() {
    super({ autoDestroy: false });
    this.requests = [];
    this.end_ = "open";
    this.reason = "";
  }
  _read() {}
  _write(_chunk, _encoding, done) {
    done();
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

export class NodeReader {
  #server = createServer({
    requireHostHeader: false,
    maxHeaderSize,
    keepAliveTimeout: 0,
    requestTimeout: 0,
    headersTimeout: 0,
  });

  constructor() {
    this.#server.maxHeadersCount = 0;
    const onRequest = (request) => note(request, request.socket);
    this.#server.on("request", onRequest).on("checkContinue", onRequest).on("checkExpectation", onRequest);
    // Not what the event hands over: for a request with a body, newer versions of Node wrap the connection.
    const onLeave = (request) => {
      note(request, request.socket);
      request.socket.end_ = "left";
    };
    this.#server.on("upgrade", onLeave).on("connect", onLeave);
    this.#server.on("clientError", (error, connection) => {
      const { code } = error;
      if (code === "HPE_INVALID_EOF_STATE") connection.end_ = "incomplete";
      else if (code === "HPE_CLOSED_CONNECTION") connection.end_ = "closed";
      else {
        connection.end_ = "refused";
        connection.reason = code;
      }
    });
  }

  /** @param {string[]} texts @returns {Promise<Reading[]>} */
  async readAll(texts) {
    const connections = texts.map((text) => {
      const connection = new MemoryConnection();
      this.#server.emit("connection", connection);
      connection.push(text, "latin1");
      return connection;
    });
    await settle();
    await settle();
    for (const connection of connections) if (connection.end_ !== "left") connection.push(null);
    await settle();
    await settle();
    return connections.map(finish);
  }
}

function note(request, connection) {
  const understood = {
    method: request.method,
    target: request.url,
    version: request.httpVersion,
    headers: request.headers,
    isComplete: false,
    body: "",
    trailers: {},
  };
  connection.requests.push(understood);
  request.setEncoding("latin1");
  request.on("data", (text) => {
    understood.body += text;
  });
  request.on("end", () => {
    understood.isComplete = request.complete;
    understood.trailers = request.trailers;
  });
  request.on("error", () => {});
}

function finish(connection) {
  const { requests, end_: end, reason } = connection;
  connection.destroy();
  // An aborted body is the same thing without an error of the parser: the last request was still open.
  const isOpen = end === "open" && requests.length > 0 && !requests.at(-1).isComplete;
  return { requests, end: isOpen ? "incomplete" : end, reason };
}
