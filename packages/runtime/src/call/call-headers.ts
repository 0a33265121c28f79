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
  /** "1" on a call: others are on the same connection, so that it may have to be canceled by a message. On an answer: they may be. */
  shared: "x-tenon-shared",
  /** "1": not a call but the end of one, which the `traceparent` names: nobody waits for it any more. */
  cancel: "x-tenon-cancel",
  /** The host that a client has asked for, where the one of the request is that of the process it is passed on to. */
  host: "x-tenon-host",
  requestId: "x-request-id",
} as const;

export const INTERNAL_PREFIX = "x-tenon-";

/** Value of `outcome`: the way is closed, which is no answer of an endpoint. */
export const REFUSED = "refused";
