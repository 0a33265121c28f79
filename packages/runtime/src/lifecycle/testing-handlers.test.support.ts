// For tests: the bundles of the hand-written build. `orders.relay` makes any call to users and describes how it ended, so that one
// test body sees the same from outside whatever the topology.

const ORDERS = `
import { APIError, clientMethod, currentCall } from "@tenon/runtime";

const revive = (value) => value === null || typeof value !== "object" ? value : Object.fromEntries(Object.entries(value).map(([k, v]) => {
  if (v && v.$date) return [k, new Date(v.$date)];
  if (v && v.$big) return [k, BigInt(v.$big)];
  if (v && v.$repeat) return [k, "ü".repeat(v.$repeat)];
  return [k, v];
}));
const describe = (value) => value === undefined ? { type: "undefined" } : Object.fromEntries(Object.entries(value).map(([k, v]) =>
  [k, v instanceof Date ? "Date " + v.toISOString() : typeof v === "bigint" ? "bigint " + v : typeof v === "string" && v.length > 1000 ? "string " + v.length : v]));

async function relay({ call, request, options }) {
  const opts = { ...options };
  let mutated;
  if (opts.abortAfterMs !== undefined) {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("no longer wanted")), opts.abortAfterMs);
    opts.signal = controller.signal;
  }
  if (opts.aborted) opts.signal = AbortSignal.abort();
  if (opts.timeoutSignalMs) opts.signal = AbortSignal.timeout(opts.timeoutSignalMs);
  const sent = revive(request);
  try {
    const value = await clientMethod("users", call)(sent, opts);
    return { outcome: { value: describe(value), sameObject: value === sent, requestUntouched: JSON.stringify(request) !== undefined && !sent?.changed } };
  } catch (error) {
    return { outcome: {
      isAPIError: error instanceof APIError, code: error.code, message: error.message, details: error.details ?? null,
      hasCause: error.cause !== undefined, hasUserStack: String(error.stack).includes("secret reason"),
    } };
  }
}

async function concurrent({ count }) {
  const get = clientMethod("users", "get");
  const answers = await Promise.all(Array.from({ length: count }, (_, index) => get({ id: "u" + index })));
  const wrong = answers.filter((answer, index) => answer.id !== "u" + index).length;
  return { outcome: { answers: answers.length, wrong, requestIds: new Set(answers.map((answer) => answer.seen.requestId)).size,
    own: currentCall().requestId === answers[0].seen.requestId } };
}

export const handlers = { relay, concurrent };
`;

const USERS = `
import { APIError, ErrCode, currentCall, secret } from "@tenon/runtime";

const apiKey = secret("apiKey");
const state = { hanging: 0, stopped: 0, lastReason: null, hiddenCalls: 0 };

async function get({ id, verbose }) {
  await new Promise((resolve) => setImmediate(resolve));
  const call = currentCall();
  return { id, passwordHash: "x", seen: { id, verbose, service: call.service, endpoint: call.endpoint, caller: call.caller ?? null,
    requestId: call.requestId, hasDeadline: call.deadlineAt !== undefined, key: apiKey() } };
}

function echo(value) {
  const answer = { ...value, extra: "not declared" };
  if (value.details) value.details.touched = true;
  return answer;
}

async function fail({ how }) {
  if (how === "not_found") throw APIError.notFound("no such user").withDetails({ id: "u1", at: new Date(0), big: 12n, list: [1, null] });
  if (how === "cause") throw new APIError(ErrCode.FailedPrecondition, "out of stock", new Error("secret reason"));
  if (how === "unknown") throw new TypeError("secret reason");
  if (how === "text") throw "secret reason";
  if (how === "contract") return { text: 42 };
  if (how === "cycle") { const details = {}; details.self = details; throw APIError.aborted("cyclic").withDetails(details); }
  return { text: how };
}

async function hang() {
  state.hanging++;
  const { signal } = currentCall();
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  state.stopped++;
  state.lastReason = signal.reason.code;
  await new Promise(() => {});
}

const headers = () => ({ value: null });

export const handlers = { get, echo, fail, hang, headers, small: (value) => value, state: () => ({ value: state }), nothing: () => {},
  hidden: () => { state.hiddenCalls++; return { text: "hidden" }; } };
`;

export const HANDLER_SOURCES: Readonly<Record<string, string>> = { orders: ORDERS, users: USERS };
