// One connection to an nsqd: commands with an answer, in order, commands without one, messages as they come, heartbeats. It does not come
// back by itself: whoever opened it is told once that it is over.
import { connect, type Socket } from "node:net";
import { hostname } from "node:os";
import type { Address } from "./config.ts";
import { identify, magic, nop } from "./commands.ts";
import { type Frame, FrameReader, type WireMessage } from "./frame-reader.ts";
import { NsqdError } from "./nsqd-error.ts";

export interface ConnectionOptions {
  /** A message is ours for so long after each delivery or touch; default: as the server has it. */
  readonly msgTimeoutMs?: number;
  onMessage?(message: WireMessage): void;
  /** Once, when one that was opened is over, for whatever reason. */
  onEnd?(): void;
}

/** What the server says of itself. */
export interface Limits {
  readonly maxReadyCount: number;
  readonly maxMsgTimeoutMs: number;
}

const connectTimeoutMs = 5_000;
/** A server that does not answer for so long has failed. */
const answerTimeoutMs = 30_000;
const heartbeatMs = 10_000;
/** For the other side to end what it has read. */
const endTimeoutMs = 5_000;

interface Waiting {
  resolve(answer: string): void;
  reject(error: Error): void;
}

export class Connection {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #reader = new FrameReader();
  readonly #waiting: Waiting[] = [];
  readonly #ended: Promise<void>;
  #limits: Limits = { maxReadyCount: 1, maxMsgTimeoutMs: 0 };
  #error = new Error("the connection to nsqd was lost");
  #isOpen = true;
  #isIntroduced = false;

  private constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.setNoDelay(true);
    socket.setTimeout(2.5 * heartbeatMs, () => this.#fail(new Error("nsqd says nothing any more")));
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    socket.on("error", (error) => this.#fail(error));
    this.#ended = new Promise((resolve) => {
      socket.once("close", () => {
        this.#over();
        resolve();
      });
    });
  }

  /** Throws what connecting throws, or NsqdError when the server does not want it. */
  static async open(address: Address, options: ConnectionOptions = {}): Promise<Connection> {
    const connection = new Connection(await openSocket(address), options);
    try {
      await connection.#introduce();
      return connection;
    } catch (error) {
      connection.destroy();
      throw error;
    }
  }

  get limits(): Limits {
    return this.#limits;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Rejects with NsqdError when the server refuses, otherwise when the connection is over: nobody knows then whether it was heard. */
  ask(command: Buffer): Promise<string> {
    if (!this.#isOpen) return Promise.reject(this.#error);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#fail(new Error("nsqd does not answer")), answerTimeoutMs);
      this.#waiting.push({
        resolve: (answer) => {
          clearTimeout(timer);
          resolve(answer);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      this.#socket.write(command);
    });
  }

  /** For what the server does not answer. */
  say(command: Buffer): void {
    if (this.#isOpen) this.#socket.write(command);
  }

  /** Resolves once the server has read everything that was said, and has ended its side. */
  async end(): Promise<void> {
    const timer = setTimeout(() => this.destroy(), endTimeoutMs);
    this.#socket.end();
    await this.#ended;
    clearTimeout(timer);
  }

  destroy(): void {
    this.#socket.destroy();
    this.#over();
  }

  async #introduce(): Promise<void> {
    this.#socket.write(magic);
    const { msgTimeoutMs } = this.#options;
    const answer = await this.ask(
      identify({
        client_id: `${hostname()}/${process.pid}`,
        hostname: hostname(),
        user_agent: "tenon",
        feature_negotiation: true,
        heartbeat_interval: heartbeatMs,
        // Every message at once, rather than after a quarter of a second.
        output_buffer_size: -1,
        ...(msgTimeoutMs === undefined ? {} : { msg_timeout: msgTimeoutMs }),
      }),
    );
    const said = readFeatures(answer);
    if (said.auth_required === true) {
      throw new NsqdError("E_AUTH_FIRST", "nsqd asks for an AUTH secret, and infra.json has no key for one");
    }
    this.#limits = {
      maxReadyCount: said.max_rdy_count ?? 2_500,
      maxMsgTimeoutMs: said.max_msg_timeout ?? 900_000,
    };
    this.#isIntroduced = true;
  }

  #read(chunk: Buffer): void {
    let frames: Frame[];
    try {
      frames = this.#reader.push(chunk);
    } catch (error) {
      this.#fail(error as Error);
      return;
    }
    for (const frame of frames) {
      if (frame.kind === "message") this.#options.onMessage?.(frame.message);
      else if (frame.kind === "error") this.#refuse(NsqdError.parse(frame.text));
      else if (frame.text === "_heartbeat_") this.say(nop);
      else this.#waiting.shift()?.resolve(frame.text);
    }
  }

  #refuse(error: NsqdError): void {
    // Of commands that have no answer otherwise. Nothing is to be done: the message is somebody else's by now.
    if (error.isAboutMessage) return;
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#fail(error);
    else waiting.reject(error);
  }

  #fail(error: Error): void {
    if (!this.#isOpen) return;
    this.#error = error;
    this.destroy();
  }

  #over(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#error);
    if (this.#isIntroduced) this.#options.onEnd?.();
  }
}

function openSocket({ host, port }: Address): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(connectTimeoutMs, () => fail(new Error(`no connection to nsqd at ${host}:${port}`)));
    socket.once("error", fail);
    socket.once("connect", () => {
      socket.setTimeout(0);
      socket.removeAllListeners("timeout");
      socket.off("error", fail);
      resolve(socket);
    });
  });
}

interface Features {
  readonly auth_required?: boolean;
  readonly max_rdy_count?: number;
  readonly max_msg_timeout?: number;
}

function readFeatures(answer: string): Features {
  try {
    return JSON.parse(answer) as Features;
  } catch {
    throw new NsqdError("E_BAD_BODY", `nsqd is too old: it answers IDENTIFY with ${JSON.stringify(answer)}`);
  }
}
