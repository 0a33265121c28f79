// The code of a gateway, in the process that has it: runs the functions of its `onRequest` in order until one answers.
import type { Cancellation } from "../call/cancellation.ts";
import { runInCall } from "../call/context.ts";
import { DoorContext } from "../call/door-context.ts";
import { isUnexpected, logUnexpected, normalizeError, recordError } from "../call/normalize-error.ts";
import { untilCanceled } from "../call/until-canceled.ts";
import { startSpan } from "../telemetry/recorder.ts";
import type { SpanContext } from "../telemetry/span.ts";
import { type GatewayHook, GatewayRequest, type RequestHead } from "./gateway-request.ts";

type HeaderList = readonly (readonly [name: string, value: string])[];

/** What came of it; plain data, but for the body. */
export interface HookOutcome {
  /** For whatever answer the request gets. */
  readonly responseHeaders: HeaderList;
  /** undefined: the request goes on. */
  readonly answer: { readonly status: number; readonly headers: HeaderList; readonly body: Uint8Array } | undefined;
}

export interface HookCall {
  readonly head: RequestHead;
  readonly parent: SpanContext | undefined;
  readonly requestId: string;
  readonly cancellation: Cancellation;
}

export class HostedGateway {
  readonly name: string;
  private readonly service: string;
  private readonly hooks: readonly GatewayHook[];

  constructor(name: string, service: string, hooks: readonly GatewayHook[]) {
    this.name = name;
    this.service = service;
    this.hooks = hooks;
  }

  /** Throws APIErrors; what is unexpected is logged here. */
  async run({ head, parent, requestId, cancellation }: HookCall): Promise<HookOutcome> {
    const { name, service } = this;
    const attributes = { "tenon.gateway": name };
    const span = startSpan({ name: `gateway ${name}`, kind: "internal", service, parent, attributes });
    const context = new DoorContext(service, name, span, requestId, cancellation);
    try {
      const request = new GatewayRequest(head);
      const response = await untilCanceled(
        runInCall(context, () => this.ask(request)),
        cancellation,
      );
      return { responseHeaders: [...request.responseHeaders], answer: await plainAnswer(response) };
    } catch (thrown) {
      recordError(span, thrown);
      if (isUnexpected(thrown)) logUnexpected(context, thrown);
      throw normalizeError(thrown);
    } finally {
      span.end();
    }
  }

  private async ask(request: GatewayRequest): Promise<Response | undefined> {
    for (const hook of this.hooks) {
      const response = await hook(request);
      if (response instanceof Response) return response;
    }
    return undefined;
  }
}

async function plainAnswer(response: Response | undefined): Promise<HookOutcome["answer"]> {
  if (response === undefined) return undefined;
  const body = new Uint8Array(await response.arrayBuffer());
  return { status: response.status, headers: [...response.headers], body };
}
