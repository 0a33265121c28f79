// Services in a function: what a platform hands over (requests, messages, ticks) goes to the services, and nothing goes on behind the answer,
// because a platform freezes a process that has answered, or ends it.
import { Readable } from "node:stream";
import { setImmediate as endOfTurn } from "node:timers/promises";
import { CALL_HEADERS } from "../call/call-headers.ts";
import { createCredentialCheck } from "../call/credential.ts";
import type { HostConfig } from "../lifecycle/host-config.ts";
import { type Host, startHost } from "../lifecycle/start-host.ts";
import { log } from "../log/log.ts";
import type { Outcome } from "../messaging/broker.ts";
import { keepOpenSpans, untilSpansEnd } from "../telemetry/open-spans.ts";
import { flushTelemetry } from "../telemetry/pipeline.ts";
import type { FunctionAnswer, FunctionCall } from "./function-call.ts";
import type { FunctionParts } from "./function-parts.ts";
import type { PushedMessage } from "./push-book.ts";

/** How long work that an answer has left behind is waited for, where the platform gives that much time. */
const LEFT_BEHIND_MS = 5_000;
/** How long a collector of spans may take. */
const FLUSH_MS = 1_000;

export class FunctionHost {
  private readonly host: Host;
  private readonly parts: FunctionParts;
  private readonly isAdmitted: (credential: string | undefined) => boolean;
  private underWay = 0;

  constructor(
    host: Host,
    parts: FunctionParts,
    { credential, otherCredentials }: Pick<HostConfig, "credential" | "otherCredentials">,
  ) {
    this.host = host;
    this.parts = parts;
    this.isAdmitted = createCredentialCheck(credential, otherCredentials);
  }

  /** "topic/subscription" of those that this function has. */
  get subscriptions(): readonly string[] {
    return this.parts.subscriptions.names;
  }

  concurrencyOf(subscription: string): number {
    return this.parts.subscriptions.concurrencyOf(subscription);
  }

  /** Never rejects. The answer's body may still be written; `settle` comes behind its end. */
  serve(call: FunctionCall): Promise<FunctionAnswer> {
    const { servePublic, serveInternal } = this.parts;
    const credential = call.headers[CALL_HEADERS.credential];
    const isOwn = typeof credential === "string" && this.isAdmitted(credential);
    return this.countAnswer(() => (isOwn || servePublic === null ? serveInternal(call) : servePublic(call)));
  }

  /** Never rejects. undefined: the subscription is not here. */
  deliver(subscription: string, message: PushedMessage, signal?: AbortSignal): Promise<Outcome> | undefined {
    const { subscriptions } = this.parts;
    return subscriptions.has(subscription)
      ? this.count(() => subscriptions.deliver(subscription, message, signal))
      : undefined;
  }

  /** undefined: no such job is here. Throws what the store of ticks throws. */
  runTick(job: string, atMs: number): ReturnType<FunctionParts["runTick"]> | undefined {
    return this.parts.hasJob(job) ? this.count(() => this.parts.runTick(job, atMs)) : undefined;
  }

  /**
   * Behind each answer, and before the platform is told of it where it freezes the process then: waits for what the answer has left behind,
   * sends on what outboxes have, and delivers spans and metrics. Work that takes too long is told of in the log. Never rejects.
   */
  async settle(deadlineAt: number | undefined): Promise<void> {
    // While another request is served, nothing is frozen; the last of them settles for all.
    if (this.underWay > 0) return;
    const remainingMs = deadlineAt === undefined ? Number.POSITIVE_INFINITY : deadlineAt - Date.now() - FLUSH_MS;
    const left = await untilSpansEnd(Math.max(0, Math.min(LEFT_BEHIND_MS, remainingMs)));
    if (left.length > 0) {
      log.warn("work goes on behind the answer and is frozen or lost now: await it before the handler returns", {
        work: [...new Set(left)].sort(),
      });
    }
    await this.parts.handOver();
    await Promise.all([flushTelemetry(FLUSH_MS), this.parts.pushMetrics()]);
  }

  close(timeoutMs: number): Promise<void> {
    return this.host.close({ timeoutMs });
  }

  /** An answer that is still written is under way. */
  private async countAnswer(serve: () => Promise<FunctionAnswer>): Promise<FunctionAnswer> {
    const answer = await this.count(serve);
    const { body } = answer;
    if (body instanceof Readable && !body.closed) {
      this.underWay++;
      body.once("close", () => this.underWay--);
    }
    return answer;
  }

  private async count<T>(run: () => Promise<T>): Promise<T> {
    const wasAtRest = this.underWay === 0;
    this.underWay++;
    try {
      // Of a process that was frozen, the system may tell the request first, and behind it which connections were closed meanwhile.
      if (wasAtRest) await endOfTurn();
      return await run();
    } finally {
      this.underWay--;
    }
  }
}

/** `config`: without doors of its own. `isPublic`: requests from outside are answered, too. Throws HostError. */
export async function startFunctionHost(
  config: Omit<HostConfig, "gateway" | "internal">,
  isPublic: boolean,
): Promise<FunctionHost> {
  keepOpenSpans();
  const host = await startHost({
    ...config,
    isFunction: true,
    gateway: isPublic ? { handedOver: "public" } : null,
    internal: { handedOver: "internal" },
  });
  return new FunctionHost(host, host.asFunction!, config);
}
