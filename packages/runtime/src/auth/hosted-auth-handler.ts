// An auth handler that this process runs: reads its parameters from a request, runs the user's function in a span of its own, and says
// what came of it.
import type { AuthHandler, AuthHandlerCodec, Issue, RawRequest } from "@tenon/model";
import { APIError } from "../call/api-error.ts";
import type { Cancellation } from "../call/cancellation.ts";
import { handleInCall } from "../call/context.ts";
import { DoorContext } from "../call/door-context.ts";
import { isPromise } from "../call/invoke.ts";
import { isUnexpected, logUnexpected, normalizeError, recordError } from "../call/normalize-error.ts";
import { untilCanceled } from "../call/until-canceled.ts";
import { startTemplateSpan } from "../telemetry/recorder.ts";
import { type SpanTemplate, spanTemplate } from "../telemetry/span-template.ts";
import type { SpanContext } from "../telemetry/span.ts";
import { AuthCache } from "./auth-cache.ts";
import { type AnyAuthHandler, optionsOfAuthHandler } from "./auth-handler.ts";
import { authPartOf } from "./carries-params.ts";
import { Identity } from "./identity.ts";

/** What an auth handler makes of a request. An error that is not "unauthenticated" is thrown instead. */
export type AuthOutcome =
  | { readonly kind: "authenticated"; readonly identity: Identity }
  /** `refusal`: why, if the handler said so. */
  | { readonly kind: "anonymous"; readonly refusal: APIError | undefined }
  /** What the request carries is not what the handler takes: a parameter is missing, or malformed. */
  | { readonly kind: "not-meant"; readonly issues: readonly Issue[] };

export interface AuthCall {
  /** Of which the handler sees nothing but what it declares. */
  readonly request: RawRequest;
  readonly parent: SpanContext | undefined;
  readonly requestId: string;
  readonly cancellation: Cancellation;
}

export class HostedAuthHandler {
  readonly name: string;
  private readonly declaration: AuthHandler;
  private readonly codec: AuthHandlerCodec;
  private readonly handler: AnyAuthHandler;
  private readonly cache: AuthCache | undefined;
  private readonly template: SpanTemplate;

  constructor(declaration: AuthHandler, codec: AuthHandlerCodec, handler: AnyAuthHandler) {
    this.name = declaration.name;
    this.declaration = declaration;
    this.codec = codec;
    this.handler = handler;
    this.template = spanTemplate({
      name: `auth ${declaration.name}`,
      kind: "internal",
      service: declaration.service,
      attributes: { "tenon.auth.handler": declaration.name },
    });
    const { cache } = optionsOfAuthHandler(handler);
    this.cache = cache === undefined ? undefined : new AuthCache(cache);
  }

  /** Throws APIErrors other than `unauthenticated`; what is unexpected is logged here. */
  async run(call: AuthCall): Promise<AuthOutcome> {
    const issues: Issue[] = [];
    const params = this.codec.params.decodeHttp(call.request, issues);
    if (issues.length > 0) return { kind: "not-meant", issues };
    return this.cache === undefined ? this.ask(params, call) : this.askOnce(this.cache, params, call);
  }

  private async askOnce(cache: AuthCache, params: unknown, call: AuthCall): Promise<AuthOutcome> {
    const key = AuthCache.keyOf(authPartOf(this.declaration, call.request));
    const known = cache.get(key);
    if (known !== undefined) return { kind: "authenticated", identity: known };
    const outcome = await this.ask(params, call);
    if (outcome.kind === "authenticated") cache.set(key, outcome.identity);
    return outcome;
  }

  private async ask(params: unknown, call: AuthCall): Promise<AuthOutcome> {
    const { cancellation } = call;
    const span = startTemplateSpan(this.template, call.parent);
    const context = new DoorContext(this.declaration.service, this.name, span, call.requestId, cancellation);
    try {
      if (cancellation.reason !== undefined) throw cancellation.reason;
      const returned: unknown = handleInCall(context, this.handler, params as object);
      const outcome = this.outcomeOf(isPromise(returned) ? await untilCanceled(returned, cancellation) : returned);
      span.set("tenon.auth.outcome", outcome.kind);
      if (outcome.kind === "authenticated" && outcome.identity.userId !== undefined)
        span.set("enduser.id", outcome.identity.userId);
      return outcome;
    } catch (thrown) {
      recordError(span, thrown);
      if (thrown instanceof APIError && thrown.code === "unauthenticated") {
        span.set("tenon.auth.outcome", "anonymous");
        return { kind: "anonymous", refusal: thrown };
      }
      span.set("tenon.auth.outcome", "failed");
      if (isUnexpected(thrown)) logUnexpected(context, thrown);
      throw normalizeError(thrown);
    } finally {
      span.end();
    }
  }

  private outcomeOf(returned: unknown): AuthOutcome {
    if (returned === null || returned === undefined) return { kind: "anonymous", refusal: undefined };
    const issues: Issue[] = [];
    const data = this.codec.data.copy(returned, issues);
    if (issues.length === 0) return { kind: "authenticated", identity: new Identity(this.name, data, this.codec.data) };
    const list = issues.map(({ path, message }) => `${path === "" ? "it" : path} ${message}`).join("; ");
    throw new TypeError(`the auth handler ${this.name} returned data that does not match its declared type: ${list}`);
  }
}
