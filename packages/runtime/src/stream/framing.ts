// What a text frame of a WebSocket stands for. Towards the public a frame is a message as JSON and nothing else, so that any client
// can take part; between services a letter in front says what it is, so that errors and results arrive as what they are.

export type FrameKind = "handshake" | "opened" | "message" | "end" | "response" | "error";

export interface Frame {
  readonly kind: FrameKind;
  /** JSON; "" where the kind says all. */
  readonly text: string;
}

export interface Framing {
  /** undefined: no such frame. */
  read(text: string): Frame | undefined;
  /** undefined: this kind is not told in a frame. */
  write(frame: Frame): string | undefined;
}

/** An empty frame is no JSON: with it a client says that it has sent all, and still listens. */
export const publicFraming: Framing = {
  read: (text) => ({ kind: text === "" ? "end" : "message", text }),
  write: ({ kind, text }) => (kind === "message" || kind === "response" ? text : undefined),
};

const LETTERS: Readonly<Record<FrameKind, string>> = {
  handshake: "h",
  opened: "o",
  message: "m",
  end: "x",
  response: "r",
  error: "e",
};
const KINDS = new Map(Object.entries(LETTERS).map(([kind, letter]) => [letter, kind as FrameKind]));

export const internalFraming: Framing = {
  read(text) {
    const kind = KINDS.get(text.charAt(0));
    return kind === undefined ? undefined : { kind, text: text.slice(1) };
  },
  write: ({ kind, text }) => LETTERS[kind] + text,
};
