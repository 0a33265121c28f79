// What an nsqd refuses, by its own word: "E_BAD_MESSAGE PUB message too big 2000000 > 1048576".

/** Of commands that the server answers only when they fail, after which the connection goes on. */
const aboutMessages: ReadonlySet<string> = new Set(["E_FIN_FAILED", "E_REQ_FAILED", "E_TOUCH_FAILED"]);

export class NsqdError extends Error {
  override readonly name = "NsqdError";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }

  static parse(text: string): NsqdError {
    return new NsqdError(text.split(" ", 1)[0]!, `nsqd: ${text}`);
  }

  get isAboutMessage(): boolean {
    return aboutMessages.has(this.code);
  }
}
