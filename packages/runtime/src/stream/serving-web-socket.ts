// The serving end of a stream over a WebSocket, for a client outside or another service of the app.
import type { WebSocket } from "ws";
import type { APIError } from "../call/api-error.ts";
import { encodeForCall } from "../call/encode.ts";
import type { HostedEndpoint } from "../call/hosted-endpoint.ts";
import { toErrorBody } from "../call/normalize-error.ts";
import { RequestError } from "../call/request-error.ts";
import { CLOSE, closeCodeOf } from "./close-code.ts";
import { type Frame, type Framing, internalFraming, publicFraming } from "./framing.ts";
import { decodeMessage, encodeMessage } from "./message-codec.ts";
import type { ServingPort } from "./stream-port.ts";
import { WebSocketPort } from "./web-socket-port.ts";

export type Audience = "public" | "internal";

const FRAMINGS: Readonly<Record<Audience, Framing>> = { public: publicFraming, internal: internalFraming };

export class ServingWebSocket extends WebSocketPort implements ServingPort {
  private readonly hosted: HostedEndpoint;
  private onHandshake: ((text: string) => void) | undefined;

  constructor(socket: WebSocket, hosted: HostedEndpoint, audience: Audience) {
    const { incoming, outgoing } = hosted.codec;
    const { name } = hosted;
    super(socket, {
      endpoint: name,
      framing: FRAMINGS[audience],
      heartbeatMs: hosted.endpoint.heartbeatMs ?? null,
      encode: (message) => encodeMessage(name, outgoing!, message, "handler"),
      // What a client sends that is only to listen is nobody's business.
      decode: (text) => (incoming === undefined ? undefined : decodeMessage(name, incoming, text)),
      lost: hosted.callerGone,
      ended: hosted.callerGone,
    });
    this.hosted = hosted;
    if (incoming === undefined) this.inbox.end(undefined);
  }

  /** The first frame of a stream between services; undefined when the stream ended before. */
  handshake(): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.onHandshake = resolve;
      this.onOver(() => resolve(undefined));
    });
  }

  /** Tells a caller between services that the handler has taken the handshake. */
  open(): void {
    void this.write({ kind: "opened", text: "" }).catch(() => {});
  }

  async respond(value: unknown): Promise<void> {
    // Throws when the handler has broken its contract.
    const text = encodeForCall(this.hosted, value);
    if (text !== "") await this.write({ kind: "response", text }).catch(() => {});
    await this.close();
  }

  fail(error: APIError): void {
    void this.write({ kind: "error", text: JSON.stringify(toErrorBody(error)) }).catch(() => {});
    this.failWith(error, closeCodeOf(error));
  }

  stop(): void {
    this.failWith(new RequestError("stream_stopping", { endpoint: this.hosted.name }), CLOSE.goingAway);
  }

  protected receiveFrame(frame: Frame): void {
    if (frame.kind === "handshake") this.onHandshake?.(frame.text);
  }
}
