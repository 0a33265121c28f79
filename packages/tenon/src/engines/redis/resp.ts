// RESP2, the protocol of Redis, seen from a server. Texts have one character for each byte (latin1), so that values can be anything.
// https://redis.io/docs/latest/develop/reference/protocol-spec/

/** What a client is answered: text (bulk), whole number, null, list, or one of the two below. */
export type Reply = string | number | bigint | null | readonly Reply[] | Status | ErrorReply;

/** A short word such as OK. */
export class Status {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Begins with a code: "WRONGTYPE Operation against ...". */
export class ErrorReply {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export const ok = new Status("OK");

export function encodeReply(reply: Reply): string {
  if (reply === null) return "$-1\r\n";
  if (typeof reply === "string") return `$${reply.length}\r\n${reply}\r\n`;
  if (typeof reply === "number" || typeof reply === "bigint") return `:${reply}\r\n`;
  if (reply instanceof Status) return `+${reply.text}\r\n`;
  if (reply instanceof ErrorReply) return `-${reply.text}\r\n`;
  return `*${reply.length}\r\n${reply.map(encodeReply).join("")}`;
}

/** Thrown for what is no RESP: the connection is of no use any more. */
export class ProtocolError extends Error {}

/** As Redis has them, but for texts: those that are still to come are kept in memory. */
const usualMost = { parts: 1024 * 1024, textBytes: 64 * 1024 * 1024, commandBytes: 128 * 1024 * 1024 };
const longestLineBytes = 64;

/** Takes bytes as they come and gives commands as soon as they are whole. */
export class CommandReader {
  #text = "";
  #at = 0;
  /** Less than this is not worth looking at. */
  #needed = 0;
  readonly #most: typeof usualMost;

  constructor(most = usualMost) {
    this.#most = most;
  }

  /** Throws ProtocolError. */
  *read(bytes: Buffer): Generator<string[]> {
    this.#text = this.#text.slice(this.#at) + bytes.toString("latin1");
    this.#at = 0;
    if (this.#text.length > this.#most.commandBytes + bytes.length) throw new ProtocolError("too long a command");
    while (this.#text.length - this.#at >= this.#needed) {
      const begin = this.#at;
      const command = this.#command();
      if (command === null) {
        this.#at = begin;
        return;
      }
      this.#needed = 0;
      if (command.length > 0) yield command;
    }
  }

  /** null: not all of it is there. */
  #command(): string[] | null {
    const count = this.#number("*", this.#most.parts);
    if (count === null) return null;
    const begin = this.#at;
    const parts: string[] = [];
    for (let index = 0; index < count; index++) {
      const length = this.#number("$", this.#most.textBytes);
      if (length === null) return null;
      const end = this.#at + length;
      if (this.#text.length < end + 2) {
        this.#needed = end + 2 - begin;
        return null;
      }
      parts.push(this.#text.slice(this.#at, end));
      this.#at = end + 2;
    }
    return parts;
  }

  #number(sign: string, largest: number): number | null {
    const end = this.#text.indexOf("\r\n", this.#at);
    if (end < 0 && this.#text.length - this.#at <= longestLineBytes) return null;
    if (end < 0) throw new ProtocolError(`expected "${sign}" and a number in a line of its own`);
    const line = this.#text.slice(this.#at, end);
    if (line[0] !== sign || !/^\d{1,10}$/.test(line.slice(1)))
      throw new ProtocolError(`expected "${sign}" and a number, got "${line.slice(0, 32)}"`);
    this.#at = end + 2;
    const number = Number(line.slice(1));
    if (number > largest) throw new ProtocolError(`${number} behind "${sign}": at most ${largest} are taken`);
    return number;
  }
}
