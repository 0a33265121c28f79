// A door without an address: gives requests that a platform hands over to what a listening door would give them to, and gives the answer
// back. What has not been answered when the platform is about to cut it off is told to stop, and answered by 504.
import { maxHeaderSize } from "node:http";
import { Readable } from "node:stream";
import { ANSWERED, type OutgoingResponse } from "../call/exchange.ts";
import type { Listener, ListenOptions } from "../call/listen.ts";
import { RequestError } from "../call/request-error.ts";
import { respondError } from "../call/respond.ts";
import type { FunctionAddress } from "../lifecycle/host-config.ts";
import { dropStream } from "../http/drop-stream.ts";
import { log } from "../log/log.ts";
import type { FunctionAnswer, FunctionCall } from "./function-call.ts";
import { FunctionRequest } from "./function-request.ts";
import { NodeLane } from "./node-lane.ts";

const NOTHING = Buffer.alloc(0);

export class FunctionDoor implements Listener {
  readonly address = "function:";
  private readonly options: ListenOptions & { readonly address: FunctionAddress };
  private nodeLane: NodeLane | undefined;
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(options: ListenOptions & { readonly address: FunctionAddress }) {
    this.options = options;
  }

  /** Never rejects. */
  serve(call: FunctionCall): Promise<FunctionAnswer> {
    const serving = this.answerInTime(call);
    this.underWay.add(serving);
    void serving.finally(() => this.underWay.delete(serving));
    return serving;
  }

  async drain({ timeoutMs }: { readonly timeoutMs: number }): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
    });
    await Promise.race([Promise.all(this.underWay), late]);
    clearTimeout(timer);
  }

  close(options: { readonly timeoutMs: number }): Promise<void> {
    return this.drain(options);
  }

  private async answerInTime(call: FunctionCall): Promise<FunctionAnswer> {
    const request = new FunctionRequest(call, this.options.address.handedOver);
    const gone = new AbortController();
    request.onClientGone(() => gone.abort());
    const leave = () => request.clientGone();
    if (call.signal?.aborted === true) leave();
    call.signal?.addEventListener("abort", leave, { once: true });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<FunctionAnswer>((resolve) => {
      if (request.deadlineAt === undefined) return;
      const remainingMs = Math.max(0, request.deadlineAt! - Date.now());
      timer = setTimeout(() => {
        resolve(answerOf(call, lateAnswer(call)));
        request.clientGone();
      }, remainingMs);
    });
    try {
      return await Promise.race([this.answer(call, request, gone.signal), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  private async answer(call: FunctionCall, request: FunctionRequest, gone: AbortSignal): Promise<FunctionAnswer> {
    try {
      if (!call.path.startsWith("/")) {
        const reason = 'the request target must start with "/"';
        return answerOf(call, respondError(new RequestError("malformed_request", { reason })));
      }
      if (this.options.laneOf?.(request) === "compat") return await this.answerByNode(call, gone);
      return answerOf(call, await this.options.answer(request));
    } catch (error) {
      if (!gone.aborted) log.error(error, "a request could not be answered");
      return answerOf(call, respondError(new RequestError("internal_error", {})));
    }
  }

  private answerByNode(call: FunctionCall, gone: AbortSignal): Promise<FunctionAnswer> {
    const { answer, headerLimitBytes = maxHeaderSize } = this.options;
    this.nodeLane ??= new NodeLane(answer, headerLimitBytes);
    return this.nodeLane.exchange(call, gone);
  }
}

function lateAnswer({ method, path }: FunctionCall): OutgoingResponse {
  return respondError(new RequestError("deadline_passed", { endpoint: `${method} ${path}` }));
}

function answerOf({ method }: FunctionCall, outgoing: OutgoingResponse): FunctionAnswer {
  const { status, body } = outgoing;
  const headers = { ...outgoing.headers };
  addLines(headers, outgoing.headerLines);
  const hasNoBody = method === "HEAD" || status === 204 || status === 304;
  if (body instanceof Readable && hasNoBody) dropStream(body);
  if (body === null || body === ANSWERED || hasNoBody) return { status, headers, body: NOTHING };
  if (body instanceof Readable) return { status, headers, body };
  return {
    status,
    headers,
    body: typeof body === "string" ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength),
  };
}

function addLines(headers: Record<string, string | string[]>, lines: string | undefined): void {
  if (lines === undefined) return;
  for (const line of lines.split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon !== -1) headers[line.slice(0, colon)] = line.slice(colon + 1).trim();
  }
}
