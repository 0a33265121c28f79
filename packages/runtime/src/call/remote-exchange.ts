// One question to another process of the app that is no typed call, and its answer: auth handlers and gateways of other processes are
// asked this way.
import { headerLine, headerLines, requestLine } from "../http/client/header-lines.ts";
import { TextAnswer } from "../http/client/text-answer.ts";
import type { ClientConnection } from "../http/client/client-connection.ts";
import type { ResponseHead } from "../http/parse-response.ts";
import type { APIError } from "./api-error.ts";
import { CALL_HEADERS } from "./call-headers.ts";
import type { Cancelable, Cancellation } from "./cancellation.ts";
import type { Remote } from "./remote.ts";
import { RequestError } from "./request-error.ts";
import type { ExchangeTarget } from "./remote-answer.ts";

export interface Answer {
  readonly status: number;
  /** The first value of a header by its lower-case name. */
  header(name: string): string | undefined;
  /** "result", "error", or undefined when no endpoint answered. */
  readonly outcome: string | undefined;
  readonly text: string;
}

/** Rejects with RequestError `service_unreachable`, or the reason of the cancellation; that closes the connection, as a call would. */
export function askRemote(
  target: ExchangeTarget,
  remote: Remote,
  headers: Readonly<Record<string, string | number>>,
  body: string,
  cancellation: Cancellation,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const question = new Question(target, cancellation, resolve, reject);
    const head = requestLine("POST", target.path) + headerLine("host", remote.authority) + headerLines(headers);
    const length = headerLine("content-length", Buffer.byteLength(body));
    question.send(remote, `${head}${length}\r\n`, body);
  });
}

class Question extends TextAnswer implements Cancelable {
  private readonly target: ExchangeTarget;
  private readonly cancellation: Cancellation;
  private readonly resolve: (answer: Answer) => void;
  private readonly reject: (reason: unknown) => void;
  private connection: ClientConnection | undefined = undefined;

  constructor(
    target: ExchangeTarget,
    cancellation: Cancellation,
    resolve: (answer: Answer) => void,
    reject: (reason: unknown) => void,
  ) {
    super();
    this.target = target;
    this.cancellation = cancellation;
    this.resolve = resolve;
    this.reject = reject;
  }

  send(remote: Remote, head: string, body: string): void {
    this.connection = remote.pool.send(this, head, body);
    this.cancellation.add(this);
  }

  cancel(reason: APIError): void {
    this.reject(reason);
    this.connection?.abandon(this);
  }

  onFailure(error: Error): void {
    this.cancellation.remove(this);
    this.reject(new RequestError("service_unreachable", { service: this.target.service }, error));
  }

  protected onAnswer(head: ResponseHead, text: string): void {
    this.cancellation.remove(this);
    this.resolve({
      status: head.status,
      header: (name) => head.header(name),
      outcome: head.header(CALL_HEADERS.outcome),
      text,
    });
  }
}
