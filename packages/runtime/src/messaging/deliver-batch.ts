// Several deliveries to a batch handler: it runs once, inside one span and context with the middleware around it. What it throws is the
// outcome of all of them; what it resolves with may name those that failed.
import { runInCall } from "../call/context.ts";
import { MiddlewareRequest } from "../middleware/middleware-request.ts";
import { runMiddleware } from "../middleware/run-middleware.ts";
import { log } from "../log/log.ts";
import type { Delivery, Outcome } from "./broker.ts";
import type { RecordingSpan } from "../telemetry/span.ts";
import { startConsumerSpan } from "./consumer-span.ts";
import { extendDeliveries } from "./extend-delivery.ts";
import type { HostedSubscription } from "./hosted-subscription.ts";
import type { BatchContext, BatchResult } from "./message-context.ts";
import { failed, handled, reasonOf, whenTimeIsOver } from "./outcome.ts";
import { ServedMessage } from "./served-message.ts";

/** A delivery whose message matches its type. */
export interface CheckedDelivery {
  readonly delivery: Delivery;
  readonly message: unknown;
}

/** Why a message failed, by its id. */
type Failures = ReadonlyMap<string, string>;

/** `batch`: one at least. The outcomes, in the same order; none of them rejects. */
export function deliverBatch(hosted: HostedSubscription, batch: readonly CheckedDelivery[]): Promise<Outcome>[] {
  const deliveries = batch.map(({ delivery }) => delivery);
  const span = startConsumerSpan(hosted.spans.handle, deliveries);
  span.set("tenon.delivery.attempt", Math.max(...deliveries.map(({ attempt }) => attempt)));
  const signal = whenAnyAborts(deliveries.map((delivery) => delivery.signal));
  const subjects = batch.map(({ delivery: { id, attempt }, message }) => ({ id, attempt, message }));
  const served = new ServedMessage(hosted, subjects, span, signal);
  return runInCall(served, () => {
    const failures = handle(hosted, batch, served);
    const outcomes = deliveries.map((delivery) => outcomeOf(hosted, delivery, failures, batch.length === 1));
    void tell(hosted, failures, outcomes, span);
    return outcomes;
  });
}

async function outcomeOf(
  hosted: HostedSubscription,
  delivery: Delivery,
  failures: Promise<Failures>,
  isAlone: boolean,
): Promise<Outcome> {
  try {
    const reason = (await Promise.race([failures, whenTimeIsOver(delivery.signal)])).get(delivery.id);
    if (reason === undefined) return handled;
    return isAlone ? failed(hosted, delivery, new Error(reason)) : { kind: "failed", reason };
  } catch (error) {
    return isAlone ? failed(hosted, delivery, error) : { kind: "failed", reason: reasonOf(error) };
  }
}

/** Ends the span, and logs what failed once for all messages. */
async function tell(
  { fullName }: HostedSubscription,
  failures: Promise<Failures>,
  pending: readonly Promise<Outcome>[],
  span: RecordingSpan,
): Promise<void> {
  const thrown = await Promise.race([failures, Promise.all(pending)]).then(
    () => undefined,
    (error: unknown) => error,
  );
  const outcomes = await Promise.all(pending);
  const reasons = outcomes.flatMap((outcome) => (outcome.kind === "handled" ? [] : [outcome.reason]));
  if (reasons.length > 0) span.fail(thrown ?? new Error(`${reasons.length} of ${outcomes.length} messages failed`));
  span.end();
  if (reasons.length === 0 || outcomes.length === 1) return;
  const what = `${fullName} failed to handle ${reasons.length} messages of a batch of ${outcomes.length}; they come again one by one`;
  if (thrown === undefined) log.warn(what, { reason: reasons[0] });
  else log.warn(thrown, what);
}

async function handle(
  { loaded, subscription, middlewares }: HostedSubscription,
  batch: readonly CheckedDelivery[],
  served: ServedMessage,
): Promise<Failures> {
  const context = contextOf(subscription.topic, batch, served.signal);
  const messages = batch.map(({ message }) => message);
  const run = () => loaded.batchHandler!(messages, context);
  if (middlewares.length === 0) return failuresOf(await run(), batch);
  const response = await runMiddleware(middlewares, new MiddlewareRequest(served), run);
  return failuresOf(response.payload, batch);
}

function contextOf(topic: string, batch: readonly CheckedDelivery[], signal: AbortSignal): BatchContext {
  const messages = batch.map(({ delivery: { id, attempt, publishedAt } }) => ({ messageId: id, attempt, publishedAt }));
  const deliveries = batch.map(({ delivery }) => delivery);
  return { messages, signal, extend: (duration) => extendDeliveries(topic, deliveries, duration) };
}

/** Throws for what is no answer of a batch handler: to take it for success could lose the messages it wanted to name. */
function failuresOf(result: unknown, batch: readonly CheckedDelivery[]): Failures {
  if (result === undefined || result === null) return new Map();
  const { failed: named } = result as Partial<BatchResult>;
  if (named === undefined) return new Map();
  const failures = new Map<string, string>();
  const ids = new Set(batch.map(({ delivery }) => delivery.id));
  for (const one of Array.isArray(named) ? named : [undefined]) {
    const { messageId, reason } = (one ?? {}) as { readonly messageId?: string; readonly reason?: string };
    if (messageId === undefined || !ids.has(messageId)) {
      const expected = "failed must be a list of { messageId, reason } with ids of the batch";
      throw new TypeError(`the batch handler gave a wrong answer: ${expected}, got ${JSON.stringify(one)}`);
    }
    failures.set(messageId, reason ?? "the batch handler named it as failed");
  }
  return failures;
}

/** Aborts as soon as one of them does. */
function whenAnyAborts(signals: readonly AbortSignal[]): AbortSignal {
  const [only] = signals;
  if (signals.length === 1) return only!;
  const controller = new AbortController();
  for (const signal of signals) {
    if (signal.aborted) controller.abort(signal.reason);
    else signal.addEventListener("abort", () => controller.abort(signal.reason), { once: true });
  }
  return controller.signal;
}
