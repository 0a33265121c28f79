// Answers to what takes its time: spaces go out before the document, so that neither side takes the other for dead. The status has gone out
// with them; a failure stands in the document alone then, as in S3.
import { setTimeout as sleep } from "node:timers/promises";
import { Readable } from "node:stream";
import { writeXml, type XmlNode } from "@tenon/runtime/objects";
import { namespace, type S3Answer, xmlAnswer } from "./s3-answer.ts";

const beatMs = 5_000;
const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

export interface XmlResult {
  readonly root: XmlNode;
  /** Left out of an answer that comes late. */
  readonly headers: Readonly<Record<string, string>>;
}

/** `failed` makes the document of an error that comes late; one that comes early is thrown. */
export async function slowAnswer(
  work: Promise<XmlResult>,
  failed: (error: unknown) => XmlNode,
  betweenMs = beatMs,
): Promise<S3Answer> {
  const early = await within(work, betweenMs);
  if (early !== undefined) return xmlAnswer(early.root, early.headers);
  const body = Readable.from(beats(work, failed, betweenMs), { objectMode: false });
  return { status: 200, headers: { "content-type": "application/xml" }, body };
}

async function* beats(
  work: Promise<XmlResult>,
  failed: (error: unknown) => XmlNode,
  betweenMs: number,
): AsyncGenerator<string> {
  yield declaration;
  try {
    let result = await within(work, betweenMs);
    for (; result === undefined; result = await within(work, betweenMs)) yield "\n";
    yield writeXml(result.root, namespace).slice(declaration.length);
  } catch (error) {
    yield writeXml(failed(error)).slice(declaration.length);
  }
}

/** undefined: it takes longer. */
async function within(work: Promise<XmlResult>, timeMs: number): Promise<XmlResult | undefined> {
  const stop = new AbortController();
  const late = sleep(timeMs, undefined, { signal: stop.signal }).catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    stop.abort();
  }
}
