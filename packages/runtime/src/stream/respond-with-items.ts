// Answers with what a handler yields, as it yields it. Its first item is waited for, so that an error before it is an ordinary answer
// with its status; a stream of events, which may be quiet for long, is opened when the handler has not failed for a moment.
import type { OutgoingResponse, RequestHeaders } from "../call/exchange.ts";
import { headerOf } from "../call/exchange.ts";
import type { HostedEndpoint } from "../call/hosted-endpoint.ts";
import { failed, invoke } from "../call/invoke.ts";
import type { ServedCall } from "../call/served-call.ts";
import { RequestError } from "../call/request-error.ts";
import type { ItemFormat } from "./item-format.ts";
import { ItemSource } from "./item-source.ts";
import { ItemsBody } from "./items-body.ts";
import type { EventsContext } from "./server-event.ts";

const QUIET_OPENING_MS = 500;
const OPENED = Symbol("opened");

export function yieldsItems({ kind }: HostedEndpoint["endpoint"]): boolean {
  return kind === "sse" || kind === "http-stream";
}

/** Throws APIErrors. The call lasts until the body is closed. */
export async function respondWithItems(
  hosted: HostedEndpoint,
  served: ServedCall,
  request: unknown,
  headers: RequestHeaders,
  format: ItemFormat,
): Promise<OutgoingResponse> {
  const isEvents = hosted.endpoint.kind === "sse";
  const source = await startItems(hosted, served, request, headerOf(headers, "last-event-id"));
  const first = await firstOf(served, source, isEvents);
  if (format.canBeAbsent && first !== OPENED && first.done === true) return { status: 204, headers: {}, body: null };
  const body = new ItemsBody({
    source,
    format,
    heartbeatMs: hosted.endpoint.heartbeatMs ?? null,
    isEndless: isEvents,
    failed: (thrown) => failed(served, thrown),
  });
  body.once("close", () => served.span.set("tenon.stream.sent", source.count));
  return { status: 200, headers: { ...format.headers }, body };
}

/** Runs the handler up to where its items can be asked for. Throws APIErrors. */
export async function startItems(
  hosted: HostedEndpoint,
  served: ServedCall,
  request: unknown,
  lastEventId: string | undefined,
): Promise<ItemSource> {
  const controller = new AbortController();
  const context: EventsContext = { lastEventId, signal: controller.signal };
  const onLeave = () => controller.abort(new RequestError("call_canceled", { endpoint: hosted.name }));
  const open = (_hosted: HostedEndpoint, returned: unknown) => new ItemSource(hosted, served, returned, onLeave);
  return invoke(hosted, served, request, open, hosted.endpoint.kind === "sse" ? context : undefined);
}

async function firstOf(
  served: ServedCall,
  source: ItemSource,
  isEvents: boolean,
): Promise<IteratorResult<unknown> | typeof OPENED> {
  const first = source.lookAhead();
  let timer: NodeJS.Timeout | undefined;
  const opened = new Promise<typeof OPENED>((resolve) => {
    if (isEvents) timer = setTimeout(resolve, QUIET_OPENING_MS, OPENED);
  });
  try {
    return await Promise.race([first, opened]);
  } catch (thrown) {
    throw failed(served, thrown);
  } finally {
    clearTimeout(timer);
    // It is taken by whoever reads the body.
    first.catch(() => {});
  }
}
