// The header lines of a plain JSON answer of the gateway, with a new request id and the trace that it answers within, written in one piece:
// making the two ids as texts and putting these together would cost twice as much.
import { putHex, putTraceparent, type SpanWords } from "../telemetry/hex-digits.ts";
import { randomWord } from "../telemetry/ids.ts";

const HEAD = "content-type: application/json\r\nvary: origin\r\nx-request-id: ";
const NO_ID = "00000000-0000-4000-8000-000000000000";
const NO_TRACE = `00-${"0".repeat(32)}-${"0".repeat(16)}-00`;

const ID_AT = HEAD.length;
const TRACE_AT = ID_AT + NO_ID.length + "\r\ntraceresponse: ".length;

/** For one text at a time. */
const scratch = Buffer.from(`${HEAD}${NO_ID}\r\ntraceresponse: ${NO_TRACE}\r\n`, "latin1");
const view = new DataView(scratch.buffer, scratch.byteOffset, scratch.length);
const DASH = 45;
const FOUR = 52;
/** "8", "9", "a", "b": what begins the fourth part of a random UUID (RFC 9562, 4.1). */
const VARIANTS = [56, 57, 97, 98] as const;

/** With a random UUID; `requestIdOf` finds it in the lines. */
// hot: guarded by bench/door
export function jsonLinesWithNewId(span: SpanWords): string {
  // Its last four digits are put over.
  const word = randomWord();
  putHex(view, ID_AT, randomWord());
  // Words are longer than the parts between the dashes: what stands where no digit of theirs belongs is put right behind them.
  putHex(view, ID_AT + 9, randomWord());
  putHex(view, ID_AT + 15, randomWord());
  putHex(view, ID_AT + 24, word);
  putHex(view, ID_AT + 28, randomWord());
  scratch[ID_AT + 13] = DASH;
  scratch[ID_AT + 14] = FOUR;
  scratch[ID_AT + 18] = DASH;
  scratch[ID_AT + 19] = VARIANTS[word & 3]!;
  putTraceparent(view, TRACE_AT, span);
  return scratch.toString("latin1");
}

/** The request id in such lines. */
export function requestIdIn(lines: string): string {
  return lines.slice(ID_AT, ID_AT + NO_ID.length);
}

/** The same lines for an id that is there. */
export function jsonLinesFor(requestId: string, traceparent: string): string {
  return `${HEAD}${requestId}\r\ntraceresponse: ${traceparent}\r\n`;
}
