// Copies within Google Cloud Storage, without the bytes passing through here: the store rewrites an object of any size, in several steps where
// it needs them (https://cloud.google.com/storage/docs/json_api/v1/objects/rewrite).
import { ObjectsError } from "../errors.ts";
import type { Asked } from "../http/store-failure.ts";
import type { GcsObject } from "./gcs-attrs.ts";
import { requireJson } from "./gcs-failure.ts";
import type { GcsSend } from "./gcs-upload.ts";

export interface GcsRewrite {
  /** Source and destination. */
  readonly path: string;
  /** Of the source. */
  readonly generation: string;
  /** Attributes of the new object: all, since none are taken over where some are given. */
  readonly resource: Readonly<Record<string, unknown>>;
  readonly condition: Readonly<Record<string, string>>;
  readonly asked: Asked;
  readonly signal: AbortSignal | undefined;
}

interface RewriteStep {
  readonly done?: boolean;
  readonly rewriteToken?: string;
  readonly resource?: GcsObject;
}

/** A store may take its time for one step. */
const rewritingMs = 2 * 60_000;

/** Throws ObjectNotFound when the source, or this generation of it, is gone. */
export async function rewrite(send: GcsSend, copy: GcsRewrite): Promise<GcsObject> {
  const { path, generation, resource, condition, asked, signal } = copy;
  let token: string | undefined;
  for (;;) {
    const query = {
      sourceGeneration: generation,
      ...condition,
      ...(token === undefined ? {} : { rewriteToken: token }),
    };
    const answer = await send(
      {
        method: "POST",
        path,
        query,
        headers: { "content-type": "application/json; charset=UTF-8" },
        body: Buffer.from(JSON.stringify(resource)),
        silenceMs: rewritingMs,
        isConditional: Object.keys(condition).length > 0,
        signal,
      },
      asked,
    );
    const step = await requireJson<RewriteStep>(answer, asked);
    if (step.done !== false && step.resource !== undefined) return step.resource;
    token = step.rewriteToken;
    if (token === undefined)
      throw new ObjectsError("objects_refused", { ...asked, reason: "the copy was neither done nor to be continued" });
  }
}
