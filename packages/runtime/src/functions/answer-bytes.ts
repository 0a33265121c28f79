// The whole body of an answer, for platforms that take it in one piece.
import { isUtf8 } from "node:buffer";
import type { FunctionAnswer } from "./function-call.ts";

/** Throws what the endpoint breaks its answer off with. */
export async function answerBytes({ body }: FunctionAnswer): Promise<Buffer> {
  if (Buffer.isBuffer(body)) return body;
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : (chunk as Buffer));
  return Buffer.concat(chunks);
}

const TEXT_TYPES = /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml|javascript|x-www-form-urlencoded|x-ndjson)\b)/i;

/** Whether it may travel as text: what it says of itself, and what it is. */
export function isText({ headers }: Pick<FunctionAnswer, "headers">, bytes: Buffer): boolean {
  const type = headers["content-type"];
  const encoding = headers["content-encoding"];
  if (bytes.length === 0) return true;
  return typeof type === "string" && TEXT_TYPES.test(type) && encoding === undefined && isUtf8(bytes);
}
