// Why bytes are not the HTTP/1.1 that this reader understands. Each refusal is a rule with a name; docs/reference/http.md lists them.

/** Rule -> what it says, with the section of the RFC that it keeps, and the status a request is refused with. */
export const framingRules = {
  "empty-lines": {
    status: 400,
    text: "more than one empty line stands before the request line",
    section: "RFC 9112, 2.2",
  },
  "line-end": { status: 400, text: "a line must end with CR LF", section: "RFC 9112, 2.2" },
  "request-line": { status: 400, text: "the request line is not method, target and version", section: "RFC 9112, 3" },
  method: { status: 400, text: "the method is not a token", section: "RFC 9110, 9.1" },
  target: { status: 400, text: "the request target is not valid", section: "RFC 9112, 3.2" },
  version: { status: 505, text: "the version is neither HTTP/1.1 nor HTTP/1.0", section: "RFC 9112, 2.3" },
  "status-line": { status: 400, text: "the status line is not version, status and reason", section: "RFC 9112, 4" },
  "field-name": { status: 400, text: "a header's name is not a token followed by a colon", section: "RFC 9112, 5.1" },
  "field-value": { status: 400, text: "a header's value has a control character", section: "RFC 9110, 5.5" },
  "folded-field": { status: 400, text: "a header is folded over several lines", section: "RFC 9112, 5.2" },
  "head-size": { status: 431, text: "the head is too large", section: "RFC 6585, 5" },
  host: { status: 400, text: "the host header is missing, repeated or not valid", section: "RFC 9112, 3.2" },
  connection: { status: 400, text: "there is a tab among the options of connection", section: "RFC 9110, 7.6.1" },
  length: { status: 400, text: "the content-length is not a plain decimal number", section: "RFC 9112, 6.3" },
  "repeated-length": { status: 400, text: "there is more than one content-length", section: "RFC 9112, 6.3" },
  "two-framings": {
    status: 400,
    text: "there are both content-length and transfer-encoding",
    section: "RFC 9112, 6.1",
  },
  "transfer-encoding": { status: 501, text: "the transfer-encoding is not chunked", section: "RFC 9112, 6.1" },
  "old-chunked": { status: 400, text: "HTTP/1.0 knows no transfer-encoding", section: "RFC 9112, 6.1" },
  "chunk-size": { status: 400, text: "a chunk's size is not valid", section: "RFC 9112, 7.1" },
  "chunk-extension": { status: 400, text: "a chunk's extension is not valid or too long", section: "RFC 9112, 7.1.1" },
  "chunk-end": { status: 400, text: "a chunk does not end with CR LF", section: "RFC 9112, 7.1" },
  "trailer-field": {
    status: 400,
    text: "a trailer says how the message is framed or routed",
    section: "RFC 9110, 6.5.1",
  },
  incomplete: { status: 400, text: "the connection ended in the middle of a message", section: "RFC 9112, 8" },
} as const satisfies Record<string, { status: number; text: string; section: string }>;

export type FramingRule = keyof typeof framingRules;

export class FramingError extends Error {
  readonly rule: FramingRule;
  /** For a request that breaks the rule. */
  readonly status: number;

  constructor(rule: FramingRule) {
    const { status, text, section } = framingRules[rule];
    super(`${text} (${section})`);
    this.rule = rule;
    this.status = status;
  }
}
