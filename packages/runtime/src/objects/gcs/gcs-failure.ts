// What an answer of Google Cloud Storage means for whoever asked.
import { ObjectNotFound, ObjectsError, PreconditionFailed, RangeNotSatisfiable } from "../errors.ts";
import { readText, type StoreAnswer } from "../http/store-connection.ts";
import { type Asked, wayFailed } from "../http/store-failure.ts";

/** Reads the answer to its end and throws for any that is no success. */
export async function requireSuccess(answer: StoreAnswer, asked: Asked): Promise<void> {
  if (answer.status < 200 || answer.status > 299) throw await failureOf(answer, asked);
}

/** The JSON of a success. */
export async function requireJson<Content>(answer: StoreAnswer, asked: Asked): Promise<Content> {
  await requireSuccess(answer, asked);
  try {
    return JSON.parse(await readText(answer)) as Content;
  } catch (error) {
    throw wayFailed(asked, error);
  }
}

export async function failureOf(answer: StoreAnswer, asked: Asked): Promise<ObjectsError> {
  const { status } = answer;
  const { bucket, object } = asked;
  const message = messageIn(await readText(answer).catch(() => ""));
  // Of a bucket that is not there it says 404, too, in other words.
  if (status === 404 && !/bucket does not exist/i.test(message)) return new ObjectNotFound(bucket, object);
  if (status === 412) return new PreconditionFailed(bucket, object, message);
  if (status === 416) return new RangeNotSatisfiable(bucket, object);
  const isAway = status >= 500 || status === 429 || status === 408;
  const reason = message === "" ? `it answered ${status}` : `it answered ${status}, ${message}`;
  return new ObjectsError(isAway ? "objects_unavailable" : "objects_refused", { bucket, object, reason });
}

function messageIn(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: unknown } };
    return typeof error?.message === "string" ? error.message : "";
  } catch {
    // Downloads are refused in plain text.
    return text.length <= 200 ? text.trim() : "";
  }
}
