// For this folder's tests: commands as bytes to a cache server, and its answers as they came, errors included.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { CacheServer } from "@tenon/runtime";
import { encodeReply } from "./resp.ts";

/** An error is its text after "-", a status its word after "+". */
export type Answer = string | number | bigint | null | Answer[];

export class RespClient {
  readonly #socket: Socket;
  #text = "";
  #at = 0;
  readonly #waiting: ((answer: Answer) => void)[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("latin1").on("data", (text: string) => this.#read(text));
  }

  static async open({ host, port, password, database = 0 }: CacheServer): Promise<RespClient> {
    const socket = connect(port, host);
    await once(socket, "connect");
    const client = new RespClient(socket);
    await client.ask([["AUTH", password ?? ""]]);
    await client.ask([["SELECT", String(database)]]);
    return client;
  }

  /** Sends them together. */
  ask(commands: readonly (readonly string[])[]): Promise<Answer[]> {
    const answers = commands.map(() => new Promise<Answer>((resolve) => this.#waiting.push(resolve)));
    this.#socket.write(commands.map((command) => encodeReply(command)).join(""), "latin1");
    return Promise.all(answers);
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(text: string): void {
    this.#text = this.#text.slice(this.#at) + text;
    this.#at = 0;
    for (;;) {
      const begin = this.#at;
      const answer = this.#answer();
      if (answer === undefined) {
        this.#at = begin;
        return;
      }
      this.#waiting.shift()?.(answer);
    }
  }

  /** undefined: not all of it is there. */
  #answer(): Answer | undefined {
    const end = this.#text.indexOf("\r\n", this.#at);
    if (end < 0) return undefined;
    const [sign, rest] = [this.#text[this.#at], this.#text.slice(this.#at + 1, end)];
    this.#at = end + 2;
    if (sign === "+" || sign === "-") return sign + rest;
    if (sign === ":") return BigInt(rest);
    const count = Number(rest);
    if (count < 0) return null;
    if (sign === "$") {
      const text = this.#text.slice(this.#at, this.#at + count);
      this.#at += count + 2;
      return this.#text.length < this.#at ? undefined : text;
    }
    const parts: Answer[] = [];
    for (let index = 0; index < count; index++) {
      const part = this.#answer();
      if (part === undefined) return undefined;
      parts.push(part);
    }
    return parts;
  }
}
