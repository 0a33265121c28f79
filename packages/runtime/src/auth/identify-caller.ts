// Who sends a request from outside: asks the auth handlers of the gateway, in this process or in the one that runs them. The first
// whose parameters the request carries decides.
import type { Issue, RawRequest } from "@tenon/model";
import type { APIError } from "../call/api-error.ts";
import { Cancellation } from "../call/cancellation.ts";
import type { IncomingRequest } from "../call/exchange.ts";
import type { Remote } from "../call/remote.ts";
import { RequestError } from "../call/request-error.ts";
import type { RecordingSpan } from "../telemetry/span.ts";
import type { AuthBook } from "./auth-book.ts";
import { askAuthHandler } from "./auth-exchange.ts";
import { type AuthRequest, carriesParams } from "./carries-params.ts";
import type { AuthHeaders, Identity } from "./identity.ts";

export interface AuthGate {
  readonly book: AuthBook;
  /** Names of the handlers that stand at the gateway, in order. */
  readonly handlers: readonly string[];
  readonly credential: string;
  /** Where the process of a service is. */
  remoteOf(service: string): Promise<Remote>;
}

/** Somebody, written down for another process or, where this one knows how, in memory; or nobody, perhaps with the reason. */
export class Caller {
  readonly refusal: APIError | undefined;
  private readonly book: AuthBook | undefined;
  private readonly written: AuthHeaders | undefined;
  private known: Identity | undefined;

  constructor(
    refusal: APIError | undefined,
    known: Identity | undefined = undefined,
    written: AuthHeaders | undefined = undefined,
    book: AuthBook | undefined = undefined,
  ) {
    this.refusal = refusal;
    this.known = known;
    this.written = written;
    this.book = book;
  }

  get isAuthenticated(): boolean {
    return this.known !== undefined || this.written !== undefined;
  }

  /** For an endpoint of this process; undefined for nobody. */
  get identity(): Identity | undefined {
    if (this.known === undefined && this.written !== undefined) this.known = this.book?.identityFrom(this.written);
    return this.known;
  }

  /** For an endpoint of another process; undefined for nobody. */
  get headers(): AuthHeaders | undefined {
    return this.written ?? this.known?.headers;
  }
}

export const NOBODY = new Caller(undefined);

/** Whether any of the handlers has to be asked. */
// hot: guarded by bench/door
export function mayKnowCaller(gate: AuthGate, shown: AuthRequest): boolean {
  for (const name of gate.handlers) {
    const declaration = gate.book.declaration(name);
    if (declaration !== undefined && carriesParams(declaration, shown)) return true;
  }
  return false;
}

/** `shown`: as endpoints see the request. Throws what ends it: an error of a handler that is not "unauthenticated", or that it could not be asked. */
export async function identifyCaller(
  gate: AuthGate,
  shown: RawRequest,
  request: IncomingRequest,
  requestId: string,
  span: RecordingSpan,
): Promise<Caller> {
  let misfit: APIError | undefined;
  for (const name of gate.handlers) {
    const declaration = gate.book.declaration(name);
    if (declaration === undefined || !carriesParams(declaration, shown)) continue;
    const cancellation = new Cancellation(undefined);
    request.onClientGone(() => cancellation.cancel(new RequestError("call_canceled", { endpoint: `auth ${name}` })));
    try {
      const hosted = gate.book.hostedHandler(name);
      const outcome =
        hosted === undefined
          ? await askAuthHandler(declaration, await gate.remoteOf(declaration.service), {
              request: shown,
              credential: gate.credential,
              requestId,
              span,
              cancellation,
            })
          : await hosted.run({ request: shown, parent: span, requestId, cancellation });
      if (outcome.kind === "authenticated") {
        return "identity" in outcome
          ? new Caller(undefined, outcome.identity)
          : new Caller(undefined, undefined, outcome.headers, gate.book);
      }
      if (outcome.kind === "anonymous") return outcome.refusal === undefined ? NOBODY : new Caller(outcome.refusal);
      misfit ??= misfitOf(outcome.issues);
    } finally {
      cancellation.release();
    }
  }
  return misfit === undefined ? NOBODY : new Caller(misfit);
}

/** What an endpoint that wants to know its callers says to one whom nobody knows. */
export function refusalOf(endpoint: string, caller: Caller): APIError {
  return caller.refusal ?? new RequestError("authentication_required", { endpoint });
}

function misfitOf(issues: readonly Issue[]): APIError {
  const reason = issues.map(({ message }) => message).join("; ");
  return new RequestError("auth_params_invalid", { reason }, undefined, { issues });
}
