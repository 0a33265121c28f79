// How long a connection may be in which phase. One timer per server looks at all of them once a second, so that no request costs a timer.

/** What a connection is doing, as far as its patience is concerned. */
export type Phase =
  /** No request has ever come. */
  | "silent"
  /** Between requests. */
  | "idle"
  /** A head has begun. */
  | "head"
  /** The body of a request is arriving. */
  | "body"
  /** The rest of a body that nobody wants is arriving, behind its answer. */
  | "discarding"
  /** An answer is being made or sent: nobody waits for the client. */
  | "busy"
  /** The last answer is out, and the client may still be sending. */
  | "ending";

export interface PhaseLimits {
  /** Of a head, and of a connection without any. Default 60 s. */
  readonly headMs: number;
  /** Of a request with its body. Default 300 s. */
  readonly requestMs: number;
  /** Between requests. Default 65 s. */
  readonly idleMs: number;
  /** Of a body that nobody wants. Default 2 s. */
  readonly lingerMs: number;
}

/** Load balancers in front commonly keep connections for 60 s; the side that receives requests must be the more patient one. */
export const DEFAULT_LIMITS: PhaseLimits = { headMs: 60_000, requestMs: 300_000, idleMs: 65_000, lingerMs: 2_000 };

export function limitOf(phase: Phase, limits: PhaseLimits): number {
  switch (phase) {
    case "silent":
    case "head":
      return limits.headMs;
    case "body":
      return limits.requestMs;
    case "idle":
      return limits.idleMs;
    case "discarding":
    case "ending":
      return limits.lingerMs;
    case "busy":
      return Number.POSITIVE_INFINITY;
  }
}
