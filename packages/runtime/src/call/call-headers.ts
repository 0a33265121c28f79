// Names of the headers between processes of one app. None of them is ever taken from outside.
export const CALL_HEADERS = {
  /** Proof of belonging to the app. */
  credential: "x-tenon-credential",
  /** Name of the calling service. */
  caller: "x-tenon-caller",
  /** Milliseconds the caller will still wait. */
  deadlineMs: "x-tenon-deadline-ms",
  /** On an answer: "result" or "error" when it comes from an endpoint, "refused" when the credential was not right. */
  outcome: "x-tenon-outcome",
  /** "1": a public request passed on by a gateway. */
  forwarded: "x-tenon-forwarded",
  /** "users.upload": the raw endpoint that a request from another service is for; method, path and body are the endpoint's own. */
  rawEndpoint: "x-tenon-raw-endpoint",
  requestId: "x-request-id",
} as const;

export const INTERNAL_PREFIX = "x-tenon-";

/** Value of `outcome`: the way is closed, which is no answer of an endpoint. */
export const REFUSED = "refused";
