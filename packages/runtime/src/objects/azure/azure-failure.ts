// What an answer of Azure Blob Storage means for whoever asked.
import { ObjectNotFound, ObjectsError, PreconditionFailed, RangeNotSatisfiable } from "../errors.ts";
import { readText, type StoreAnswer } from "../http/store-connection.ts";
import type { Asked } from "../http/store-failure.ts";
import { readXml, textOf, XmlError } from "../xml/read-xml.ts";

const NO_CONTAINER: ReadonlySet<string> = new Set(["ContainerNotFound", "ContainerBeingDeleted", "ContainerDisabled"]);

/** Reads the answer to its end and throws for any that is no success. */
export async function requireSuccess(answer: StoreAnswer, asked: Asked): Promise<void> {
  if (answer.status < 200 || answer.status > 299) throw await failureOf(answer, asked);
}

export async function requireText(answer: StoreAnswer, asked: Asked): Promise<string> {
  await requireSuccess(answer, asked);
  return await readText(answer);
}

async function failureOf(answer: StoreAnswer, asked: Asked): Promise<ObjectsError> {
  const { status } = answer;
  const { bucket, object } = asked;
  const text = await readText(answer).catch(() => "");
  const code = String(answer.headers["x-ms-error-code"] ?? fieldOf(text, "Code"));
  if (status === 404 && !NO_CONTAINER.has(code)) return new ObjectNotFound(bucket, object);
  if (status === 412 || code === "BlobAlreadyExists") return new PreconditionFailed(bucket, object, code);
  if (status === 416) return new RangeNotSatisfiable(bucket, object);
  if (code === "InvalidBlockList") return droppedParts(asked);
  // Its other lines are an id and a time.
  const [message = ""] = fieldOf(text, "Message").split("\n");
  const what = [`it answered ${status}`, code, message].filter((part) => part !== "");
  const isAway = status >= 500 || status === 429 || status === 408;
  return new ObjectsError(isAway ? "objects_unavailable" : "objects_refused", {
    bucket,
    object,
    reason: what.join(", "),
  });
}

/** Parts belong to a name, not to an upload: who finishes first takes those of the others away. */
function droppedParts({ bucket, object }: Asked): ObjectsError {
  const reason = "another upload of the same name ended first, upon which the store dropped the parts of this one";
  return new ObjectsError("objects_unavailable", { bucket, object, reason });
}

function fieldOf(text: string, name: string): string {
  if (!text.includes("<Error")) return "";
  try {
    return textOf(readXml(text), name) ?? "";
  } catch (error) {
    if (error instanceof XmlError) return "";
    throw error;
  }
}
