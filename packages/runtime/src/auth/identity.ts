// Who a request is made for: what an auth handler said, together with how it is written down for another process. It is never handed
// out as it is, so that no code can change what other code is told.
import type { Codec } from "@tenon/model";
import { RequestError } from "../call/request-error.ts";

/** Between processes of one app; never taken from outside. */
export const AUTH_HEADERS = { handler: "x-tenon-auth-handler", data: "x-tenon-auth-data" } as const;

/** What travels with every call must stay small. */
export const MAX_AUTH_DATA_BYTES = 16 * 1024;

export type AuthHeaders = Readonly<Record<(typeof AUTH_HEADERS)["handler" | "data"], string>>;

export class Identity {
  /** Name of the auth handler. */
  readonly handler: string;
  private readonly value: unknown;
  private readonly codec: Codec;
  private copies: WeakMap<object, unknown> | undefined = undefined;
  private written: AuthHeaders | undefined;

  /** `value`: checked, and nobody else's. */
  constructor(handler: string, value: unknown, codec: Codec) {
    this.handler = handler;
    this.value = value;
    this.codec = codec;
  }

  /** The data for one piece of work: the same object whenever that asks. */
  dataFor(work: object): unknown {
    this.copies ??= new WeakMap();
    let data = this.copies.get(work);
    if (data === undefined) {
      data = this.newData();
      this.copies.set(work, data);
    }
    return data;
  }

  /** The data for work that keeps it itself. */
  newData(): unknown {
    return this.codec.copy(this.value, []);
  }

  /** For traces; undefined when the data has no such field. */
  get userId(): string | undefined {
    const { userID } = this.value as { readonly userID?: unknown };
    return typeof userID === "string" ? userID : undefined;
  }

  /** Throws RequestError `auth_data_too_large`. */
  get headers(): AuthHeaders {
    this.written ??= authHeaders(this.handler, JSON.stringify(this.codec.encode(this.value, [])));
    return this.written;
  }
}

/** `json`: the data as JSON text. */
export function authHeaders(handler: string, json: string): AuthHeaders {
  const text = asciiJson(json);
  if (text.length > MAX_AUTH_DATA_BYTES) {
    throw new RequestError("auth_data_too_large", { handler, limitBytes: MAX_AUTH_DATA_BYTES });
  }
  return { [AUTH_HEADERS.handler]: handler, [AUTH_HEADERS.data]: text };
}

/** Headers carry bytes below 127 without any question of encoding. */
function asciiJson(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
