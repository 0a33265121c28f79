// What a store's answer means for whoever asked.
import { ObjectNotFound, ObjectsError, PreconditionFailed, RangeNotSatisfiable } from "../errors.ts";
import { readText } from "../http/store-connection.ts";
import type { Asked } from "../http/store-failure.ts";
import { readXml, textOf, XmlError } from "../xml/read-xml.ts";
import type { S3Answer } from "./s3-client.ts";

/** What a store says that cannot serve now, also in the body of an answer whose status says otherwise. */
const AWAY: ReadonlySet<string> = new Set(["InternalError", "SlowDown", "ServiceUnavailable"]);

/** Reads the answer to its end and throws for any that is no success. */
export async function requireSuccess(answer: S3Answer, asked: Asked): Promise<void> {
  if (answer.status < 200 || answer.status > 299) throw await failureOf(answer, asked);
}

/** Some operations answer 200 at once and say in the body that they failed. Gives the body of a success. */
export async function requireSuccessfulText(answer: S3Answer, asked: Asked): Promise<string> {
  await requireSuccess(answer, asked);
  const text = await readText(answer);
  const { code, message } = errorIn(text);
  if (code === undefined) return text;
  throw refusal(code === "PreconditionFailed" ? 412 : 200, code, message, asked);
}

export async function failureOf(answer: S3Answer, asked: Asked): Promise<ObjectsError> {
  const { code, message } = errorIn(await readText(answer).catch(() => ""));
  return refusal(answer.status, code, message, asked);
}

function refusal(status: number, code: string | undefined, message: string | undefined, asked: Asked): ObjectsError {
  const { bucket, object } = asked;
  const isWithoutBucket = code === "NoSuchBucket" || code === "NoSuchUpload";
  if (status === 404 && !isWithoutBucket) return new ObjectNotFound(bucket, object);
  if (status === 412) return new PreconditionFailed(bucket, object, message);
  if (status === 409 && code === "ConditionalRequestConflict") return new PreconditionFailed(bucket, object, message);
  if (status === 416) return new RangeNotSatisfiable(bucket, object);
  const what = [`it answered ${status}`, code, message].filter((part) => part !== undefined && part !== "");
  const isAway = status >= 500 || status === 429 || (code !== undefined && AWAY.has(code));
  return new ObjectsError(isAway ? "objects_unavailable" : "objects_refused", {
    bucket,
    object,
    reason: what.join(", "),
  });
}

function errorIn(text: string): { readonly code?: string | undefined; readonly message?: string | undefined } {
  if (!text.includes("<Error")) return {};
  try {
    const root = readXml(text);
    return root.name === "Error" ? { code: textOf(root, "Code"), message: textOf(root, "Message") } : {};
  } catch (error) {
    if (error instanceof XmlError) return {};
    throw error;
  }
}
