// Puts what went in and out of an endpoint into its span, for the developer who looks at the trace. Only where it is switched on, never
// for endpoints declared sensitive, bounded in size, and without sensitive fields.
import { toPlain } from "../log/to-plain.ts";
import { HIDDEN_FIELD, hidesFields } from "../telemetry/redaction.ts";
import type { ServedCall } from "./served-call.ts";

const MAX_LENGTH = 16_384;

let isOn = false;

export function configurePayloads(on: boolean): void {
  isOn = on;
}

/** `request`: as decoded, so that nothing but declared fields is in it. */
export function recordRequest(served: ServedCall, request: unknown): void {
  if (request === undefined || !isRecorded(served)) return;
  served.span.set("tenon.request.body", cut(JSON.stringify(toPlain(request))));
}

/** `json`: the text that leaves; undefined or "" for nothing. */
export function recordResponseText(served: ServedCall, json: unknown): void {
  if (typeof json !== "string" || json === "" || !isRecorded(served)) return;
  served.span.set("tenon.response.body", cut(textOf(json)));
}

/** `copy`: what a caller in the process gets. */
export function recordResponseValue(served: ServedCall, copy: unknown): void {
  if (copy === undefined || !isRecorded(served)) return;
  served.span.set("tenon.response.body", cut(JSON.stringify(toPlain(copy))));
}

function isRecorded({ span, hosted }: ServedCall): boolean {
  return isOn && span.sampled && !hosted.endpoint.sensitive;
}

/** JSON text is shown as it is, unless something in it may have to be hidden. */
function textOf(json: string): string {
  if (!hidesFields()) return json;
  return json.length > MAX_LENGTH ? HIDDEN_FIELD : JSON.stringify(toPlain(JSON.parse(json)));
}

function cut(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}[cut]` : text;
}
