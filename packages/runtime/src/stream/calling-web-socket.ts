// The calling end of a stream between two processes of the app.
import { isErrorCode } from "@tenon/model";
import type { WebSocket } from "ws";
import { APIError } from "../call/api-error.ts";
import { RequestError } from "../call/request-error.ts";
import type { ResolvedTarget } from "../call/resolve.ts";
import { CLOSE } from "./close-code.ts";
import { type Frame, internalFraming } from "./framing.ts";
import { decodeMessage, encodeMessage } from "./message-codec.ts";
import type { CallingPort } from "./stream-port.ts";
import { WebSocketPort } from "./web-socket-port.ts";

/** A process that hangs without closing its connections is found out by this. */
const HEARTBEAT_MS = 30_000;

export class CallingWebSocket extends WebSocketPort implements CallingPort {
  readonly response: Promise<unknown>;
  /** Resolves when the handler has taken the handshake; rejects with what refused it. */
  readonly opened: Promise<void>;
  private readonly target: ResolvedTarget;
  private resolveResponse!: (value: unknown) => void;
  private resolveOpened!: () => void;

  constructor(socket: WebSocket, target: ResolvedTarget) {
    const { incoming, outgoing } = target.codec;
    const { name } = target;
    super(socket, {
      endpoint: name,
      framing: internalFraming,
      heartbeatMs: HEARTBEAT_MS,
      encode: (message) => encodeMessage(name, incoming!, message, "caller"),
      decode: (text) => (outgoing === undefined ? undefined : decodeMessage(name, outgoing, text)),
      lost: (cause) => new RequestError("stream_broken", { endpoint: name }, cause),
      ended: () => new RequestError("stream_ended", { endpoint: name }),
    });
    this.target = target;
    this.response = new Promise((resolve, reject) => {
      this.resolveResponse = resolve;
      this.onOver((reason) => settle(target, reason, resolve, reject));
    });
    this.opened = new Promise((resolve, reject) => {
      this.resolveOpened = resolve;
      this.onOver((reason) => reject(reason ?? new RequestError("stream_broken", { endpoint: name })));
    });
    // Not everybody asks for them.
    this.response.catch(() => {});
    this.opened.catch(() => {});
  }

  shakeHands(text: string): Promise<void> {
    return this.write({ kind: "handshake", text });
  }

  end(): void {
    void this.write({ kind: "end", text: "" }).catch(() => {});
  }

  cancel(reason: APIError): void {
    this.reason ??= reason;
    this.inbox.end(this.reason);
    // Not an orderly end for the other side: it must not take what it has got for all there is.
    this.socket.terminate();
  }

  protected receiveFrame(frame: Frame): void {
    if (frame.kind === "opened") this.resolveOpened();
    else if (frame.kind === "response") this.receiveResponse(frame.text);
    else if (frame.kind === "error") this.reason ??= errorIn(this.target, frame.text);
  }

  private receiveResponse(text: string): void {
    const codec = this.target.codec.response;
    try {
      this.resolveResponse(codec === null ? undefined : decodeMessage(this.target.name, codec, text));
    } catch (error) {
      this.failWith(error as APIError, CLOSE.invalidMessage);
    }
  }
}

/** A stream that ended in good order has given its response before, unless there is none to give. */
function settle(
  target: ResolvedTarget,
  reason: APIError | undefined,
  resolve: (value: unknown) => void,
  reject: (reason: APIError) => void,
): void {
  if (reason !== undefined) reject(reason);
  else if (target.codec.response === null) resolve(undefined);
  else reject(new RequestError("stream_closed", { endpoint: target.name }));
}

function errorIn(target: ResolvedTarget, text: string): APIError {
  const body = JSON.parse(text) as { code?: unknown; message?: unknown; details?: unknown };
  if (!isErrorCode(body.code)) return new RequestError("stream_broken", { endpoint: target.name });
  return new APIError(body.code, String(body.message), undefined, (body.details ?? undefined) as APIError["details"]);
}
