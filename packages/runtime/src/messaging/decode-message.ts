// What arrived -> the message as its type says, or why it is none. What a service publishes and another one takes may be of different ages.
import type { Codec, Issue } from "@tenon/model";
import { listIssues } from "./errors.ts";

export type Decoded =
  | { readonly message: unknown }
  /** `raw`: as far as it could be read. */
  | { readonly reason: string; readonly raw: unknown };

export function decodeMessage(codec: Codec, payload: string): Decoded {
  let raw: unknown = payload;
  try {
    raw = JSON.parse(payload);
    const issues: Issue[] = [];
    const message = codec.decode(raw, issues);
    if (issues.length === 0) return { message };
    return { reason: `it does not match its type: ${listIssues(issues)}`, raw };
  } catch (error) {
    return { reason: `it cannot be read: ${(error as Error).message}`, raw };
  }
}
