// A stream within one process: two ends that hand each other checked copies. Who sends more than is read waits, as over a socket.
import type { Codec } from "@tenon/model";
import type { APIError } from "../call/api-error.ts";
import { copyResponse } from "../call/encode.ts";
import type { HostedEndpoint } from "../call/hosted-endpoint.ts";
import { errorForCaller } from "../call/normalize-error.ts";
import { RequestError } from "../call/request-error.ts";
import { Inbox } from "./inbox.ts";
import { copyMessage, type Sender } from "./message-codec.ts";
import type { CallingPort, ServingPort, StreamPort } from "./stream-port.ts";

/** What may wait when nobody waits for `send`: a reader this far behind is given up. */
const MAX_WAITING_MESSAGES = 100_000;

abstract class MemoryPort implements StreamPort {
  readonly inbox = new Inbox();
  sent = 0;
  peer!: MemoryPort;
  protected readonly hosted: HostedEndpoint;
  private readonly codec: Codec | undefined;
  private readonly listeners: ((reason: APIError | undefined) => void)[] = [];
  private waiting: (() => void)[] = [];
  private isOver = false;
  private isClosedHere = false;
  private reason: APIError | undefined;

  /** `codec`: of what this end sends. */
  constructor(hosted: HostedEndpoint, codec: Codec | undefined) {
    this.hosted = hosted;
    this.codec = codec;
  }

  /** After both ends know each other. */
  connect(peer: MemoryPort): void {
    this.peer = peer;
    peer.inbox.onRoom = () => this.go();
  }

  send(message: unknown): Promise<void> {
    const sending = this.sendMessage(message);
    // As over a socket.
    sending.catch(() => {});
    return sending;
  }

  close(): Promise<void> {
    this.isClosedHere = true;
    this.finish(undefined);
    this.peer.finish(undefined);
    return Promise.resolve();
  }

  onOver(callback: (reason: APIError | undefined) => void): void {
    if (this.isOver) callback(this.reason);
    else this.listeners.push(callback);
  }

  protected abstract readonly sender: Sender;

  protected abstract lost(): APIError;

  protected breakOff(here: APIError, there: APIError): void {
    this.finish(here);
    this.peer.finish(there);
  }

  private async sendMessage(message: unknown): Promise<void> {
    if (this.isOver) throw this.overError();
    const copied = copyMessage(this.hosted.name, this.codec!, message, this.sender);
    this.sent++;
    const { inbox } = this.peer;
    inbox.push(copied);
    if (!inbox.isFull) return;
    if (inbox.length > MAX_WAITING_MESSAGES) {
      const slow = new RequestError("reader_too_slow", { endpoint: this.hosted.name });
      this.breakOff(slow, slow);
      throw slow;
    }
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    if (this.isOver && !this.isClosedHere) throw this.overError();
  }

  private overError(): APIError {
    if (this.reason !== undefined) return this.reason;
    return this.isClosedHere ? new RequestError("stream_closed", { endpoint: this.hosted.name }) : this.lost();
  }

  private finish(reason: APIError | undefined): void {
    if (this.isOver) return;
    this.isOver = true;
    this.reason = reason;
    this.inbox.end(reason);
    this.go();
    for (const listener of this.listeners.splice(0)) listener(reason);
  }

  private go(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

class ServingMemory extends MemoryPort implements ServingPort {
  declare peer: CallingMemory;
  protected readonly sender = "handler";

  async respond(value: unknown): Promise<void> {
    this.peer.answer(copyResponse(this.hosted, value));
    await this.close();
  }

  fail(error: APIError): void {
    this.breakOff(error, errorForCaller(error));
  }

  stop(): void {
    const stopping = new RequestError("stream_stopping", { endpoint: this.hosted.name });
    this.breakOff(stopping, stopping);
  }

  protected lost(): APIError {
    return this.hosted.callerGone();
  }
}

class CallingMemory extends MemoryPort implements CallingPort {
  protected readonly sender = "caller";
  readonly response: Promise<unknown>;
  private resolveResponse!: (value: unknown) => void;

  constructor(hosted: HostedEndpoint, codec: Codec | undefined) {
    super(hosted, codec);
    this.response = new Promise((resolve, reject) => {
      this.resolveResponse = resolve;
      this.onOver((reason) => {
        if (reason !== undefined) reject(reason);
        else if (hosted.codec.response === null) resolve(undefined);
        else reject(new RequestError("stream_closed", { endpoint: hosted.name }));
      });
    });
    this.response.catch(() => {});
  }

  answer(value: unknown): void {
    this.resolveResponse(value);
  }

  end(): void {
    this.peer.inbox.end(undefined);
  }

  cancel(reason: APIError): void {
    this.breakOff(reason, this.hosted.callerGone());
  }

  protected lost(): APIError {
    return new RequestError("stream_ended", { endpoint: this.hosted.name });
  }
}

export function createMemoryPorts(hosted: HostedEndpoint): { serving: ServingPort; calling: CallingPort } {
  const { incoming, outgoing } = hosted.codec;
  const serving = new ServingMemory(hosted, outgoing);
  const calling = new CallingMemory(hosted, incoming);
  serving.connect(calling);
  calling.connect(serving);
  return { serving, calling };
}
