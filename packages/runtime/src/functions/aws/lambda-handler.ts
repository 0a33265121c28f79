// The handler of an AWS Lambda function: tells the events apart, and ends each invocation only when nothing is left to do. HTTP from a
// function URL, an HTTP API, a REST API or a load balancer; messages from SQS and SNS; ticks from a schedule.
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { EventUnknown } from "../event-unknown.ts";
import type { FunctionAnswer } from "../function-call.ts";
import type { FunctionHost } from "../function-host.ts";
import { callFromEvent } from "./call-from-event.ts";
import { type BatchResult, deliverNotified, deliverQueued } from "./deliver-records.ts";
import { type HttpEvent, type LambdaContext, type LambdaEvent, lambdaEvent } from "./lambda-events.ts";
import { QueueNames } from "../queue-names.ts";
import { headersWithCookies, type HttpResult, resultOfAnswer } from "./result-of-answer.ts";

export type LambdaResult = HttpResult | BatchResult | { readonly outcome: string } | undefined;
export type LambdaHandler = (event: unknown, context: LambdaContext) => Promise<LambdaResult>;

/** What the runtime of AWS Lambda puts into the global object of a function. */
export interface LambdaStreaming {
  streamifyResponse(handler: StreamHandler): unknown;
  readonly HttpResponseStream: { from(stream: Writable, head: object): Writable };
}
export type StreamHandler = (event: unknown, stream: Writable, context: LambdaContext) => Promise<void>;

export interface LambdaOptions {
  /** TENON_QUEUES. */
  readonly queues: string | undefined;
  /** TENON_BASE_PATH: what a custom domain has in front of every path. */
  readonly basePath: string | undefined;
}

/** Making it throws QueueUnknown. */
export class LambdaFunction {
  private readonly host: FunctionHost;
  private readonly queues: QueueNames;
  private readonly basePath: string;

  constructor(host: FunctionHost, { queues, basePath = "" }: LambdaOptions) {
    this.host = host;
    this.queues = new QueueNames(queues, host.subscriptions);
    this.basePath = basePath;
  }

  /** Rejects with EventUnknown, QueueUnknown, and with what makes the platform bring the event again. */
  readonly handler: LambdaHandler = async (event, context) => {
    const deadlineAt = Date.now() + context.getRemainingTimeInMillis();
    try {
      const known = knownEvent(event);
      if (!isHttp(known)) return await this.handleOther(known, deadlineAt);
      return await resultOfAnswer(await this.answer(known, context), known);
    } finally {
      await this.host.settle(deadlineAt);
    }
  };

  /** For a function URL that streams; events that are no HTTP are answered as by `handler`. */
  streamHandler({ HttpResponseStream }: LambdaStreaming): StreamHandler {
    return async (event, stream, context) => {
      const deadlineAt = Date.now() + context.getRemainingTimeInMillis();
      try {
        const known = knownEvent(event);
        if (isHttp(known)) {
          const answer = await this.answer(known, context);
          const head = { statusCode: answer.status, ...headersWithCookies(answer.headers) };
          await send(answer, HttpResponseStream.from(stream, head));
        } else {
          stream.end(JSON.stringify((await this.handleOther(known, deadlineAt)) ?? null));
        }
      } finally {
        await this.host.settle(deadlineAt);
      }
    };
  }

  private answer(http: HttpEvent, context: LambdaContext): Promise<FunctionAnswer> {
    return this.host.serve(callFromEvent(http, context, this.basePath));
  }

  private async handleOther(event: Exclude<LambdaEvent, HttpEvent>, deadlineAt: number): Promise<LambdaResult> {
    if (event.kind === "tick") {
      const running = this.host.runTick(event.job, event.atMs);
      if (running === undefined) throw new EventUnknown(`this function has no cron job "${event.job}"`);
      return { outcome: await running };
    }
    const timeUp = new AbortController();
    const timer = setTimeout(() => timeUp.abort(), Math.max(0, deadlineAt - Date.now()));
    try {
      if (event.kind === "sqs") return await deliverQueued(this.host, this.queues, event.records, timeUp.signal);
      await deliverNotified(this.host, this.queues, event.notifications, timeUp.signal);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}

function knownEvent(event: unknown): LambdaEvent {
  const known = lambdaEvent(event);
  if (known !== undefined) return known;
  const forms = "HTTP (function URL, HTTP API, REST API, load balancer), SQS, SNS and ticks of cron jobs";
  throw new EventUnknown(`the event is none that a function of Tenon is for: ${forms}`);
}

function isHttp(event: LambdaEvent): event is HttpEvent {
  return event.kind === "v2" || event.kind === "v1" || event.kind === "alb";
}

async function send({ body }: FunctionAnswer, stream: Writable): Promise<void> {
  if (body instanceof Readable) {
    await pipeline(body, stream);
    return;
  }
  // The head goes out with the first write, so that there must be one.
  stream.write(body);
  await new Promise<void>((resolve) => stream.end(resolve));
}
