// One file as an answer: validators, conditions, ranges, and no body for HEAD.
import type { OutgoingResponse, RequestHeaders } from "../call/exchange.ts";
import { readRange } from "./byte-range.ts";
import type { OpenFile } from "./find-file.ts";
import { checkPreconditions, rangeStillHolds } from "./preconditions.ts";
import { type Representation, representFile } from "./represent-file.ts";

export interface FileAnswer {
  readonly file: OpenFile;
  readonly root: string;
  /** Other than 200 for the page that stands in for a file that is not there: conditions and ranges do not hold for it. */
  readonly status: number;
  readonly method: string;
  readonly requestHeaders: RequestHeaders;
  /** Replace what would be set otherwise. */
  readonly headers: Readonly<Record<string, string>>;
  /** Answers differ from caller to caller, or may only be seen by some. */
  readonly isPrivate: boolean;
}

/** Files up to this size go out in one piece. */
const ONE_PIECE_BYTES = 64 * 1024;

/** Takes over the file's handle. */
export async function respondFile(answer: FileAnswer): Promise<OutgoingResponse> {
  let form: Representation | undefined;
  try {
    form = await representFile(answer.file, answer.root, answer.requestHeaders);
    const { response, isOpen } = await answerWith(form, answer);
    if (!isOpen) await closeSource(form);
    return response;
  } catch (error) {
    if (form === undefined) await answer.file.handle.close();
    else await closeSource(form);
    throw error;
  }
}

async function closeSource({ source }: Representation): Promise<void> {
  if (!Buffer.isBuffer(source)) await source.handle.close();
}

interface Answered {
  readonly response: OutgoingResponse;
  /** The body still reads from the file and closes it. */
  readonly isOpen: boolean;
}

async function answerWith(form: Representation, answer: FileAnswer): Promise<Answered> {
  const { status, method, requestHeaders } = answer;
  const headers = headersOf(form, answer);
  if (status === 200) {
    const verdict = checkPreconditions(requestHeaders, form);
    if (verdict === "changed") return closed(412, {});
    if (verdict === "same") return closed(304, headers);
    const range = rangeStillHolds(requestHeaders, form) ? rangeOf(answer, form) : null;
    if (range === "unsatisfiable") return closed(416, { "content-range": `bytes */${form.sizeBytes}` });
    if (range !== null) {
      headers["content-range"] = `bytes ${range.start}-${range.end}/${form.sizeBytes}`;
      return withBody(206, headers, form, range.start, range.end, method);
    }
  }
  return withBody(status, headers, form, 0, form.sizeBytes - 1, method);
}

/** Ranges have a meaning for GET alone. */
function rangeOf({ method, requestHeaders }: FileAnswer, form: Representation) {
  const range = requestHeaders["range"];
  return method === "GET" && typeof range === "string" ? readRange(range, form.sizeBytes) : null;
}

function closed(status: number, headers: Record<string, string>): Answered {
  const { "content-type": _, ...rest } = headers;
  return { response: { status, headers: rest, body: null }, isOpen: false };
}

async function withBody(
  status: number,
  headers: Record<string, string>,
  { source }: Representation,
  start: number,
  end: number,
  method: string,
): Promise<Answered> {
  const sizeBytes = end - start + 1;
  headers["content-length"] = String(sizeBytes);
  if (method === "HEAD") return { response: { status, headers, body: null }, isOpen: false };
  if (Buffer.isBuffer(source)) return { response: { status, headers, body: source }, isOpen: false };
  if (sizeBytes <= ONE_PIECE_BYTES) {
    const bytes = Buffer.alloc(sizeBytes);
    const { bytesRead } = await source.handle.read(bytes, 0, sizeBytes, start);
    return { response: { status, headers, body: bytes.subarray(0, bytesRead) }, isOpen: false };
  }
  const body = source.handle.createReadStream({ start, end });
  return { response: { status, headers, body }, isOpen: true };
}

function headersOf(form: Representation, { headers, isPrivate }: FileAnswer): Record<string, string> {
  return {
    "content-type": form.contentType,
    ...(form.encoding === undefined ? {} : { "content-encoding": form.encoding }),
    ...(form.varies ? { vary: "accept-encoding" } : {}),
    "accept-ranges": "bytes",
    etag: form.etag,
    ...(form.modifiedMs === 0 ? {} : { "last-modified": new Date(form.modifiedMs).toUTCString() }),
    // Kept by caches but asked about each time: with an ETag that costs a 304, and nobody ever sees an old version.
    "cache-control": isPrivate ? "private, no-cache" : "no-cache",
    "x-content-type-options": "nosniff",
    ...headers,
  };
}
