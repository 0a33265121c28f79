// What has been filled in, by endpoint: it is there again when one comes back. Who asks is the same for all endpoints and lives as long
// as the tab.
import {
  type CallParts,
  type Endpoint,
  type HttpMethod,
  resolveSchema,
  type Schemas,
  type WireFields,
} from "@tenon/model";
import { blankObject } from "./blank-value.ts";

export interface Draft {
  readonly method: HttpMethod | undefined;
  readonly request: WireFields;
  /** The request is edited as JSON. */
  readonly asJson: boolean;
  readonly query: string;
  /** A header a line: "name: value". */
  readonly headers: string;
  /** Of raw endpoints. */
  readonly body: string;
}

export type Auth = Readonly<Record<string, WireFields>>;

const drafts = new Map<string, Draft>();

export function draftOf(name: string, endpoint: Endpoint, schemas: Schemas): Draft {
  return drafts.get(name) ?? blankDraft(endpoint, schemas);
}

export function keepDraft(name: string, draft: Draft): void {
  drafts.set(name, draft);
}

export function blankDraft(endpoint: Endpoint, schemas: Schemas): Draft {
  const object = endpoint.request === undefined ? null : resolveSchema(endpoint.request, schemas);
  const request = object?.kind === "object" ? blankObject(object.properties, schemas) : {};
  return { method: undefined, request, asJson: false, query: "", headers: "", body: "" };
}

/** What is sent. */
export function partsOf(draft: Draft, auth: Auth, isRaw: boolean): CallParts {
  const headers = headerLines(draft.headers);
  return {
    request: draft.request,
    ...(draft.method !== undefined && { method: draft.method }),
    ...(Object.keys(auth).length > 0 && { auth }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(isRaw && draft.query !== "" && { query: draft.query.replace(/^\?/, "") }),
    ...(isRaw && draft.body !== "" && { body: draft.body }),
  };
}

function headerLines(text: string): Record<string, string> {
  const pairs = text.split("\n").flatMap((line) => {
    const colon = line.indexOf(":");
    return colon <= 0 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]];
  });
  return Object.fromEntries(pairs) as Record<string, string>;
}

/** From outside one shows credentials; services say for whom they call. */
export type AuthKind = "credentials" | "data";

const storedAuth = (kind: AuthKind) => `tenon-explorer-${kind}`;

export function keptAuth(kind: AuthKind): Auth {
  try {
    const known: unknown = JSON.parse(sessionStorage.getItem(storedAuth(kind)) ?? "{}");
    return typeof known === "object" && known !== null ? (known as Auth) : {};
  } catch {
    return {};
  }
}

export function keepAuth(kind: AuthKind, auth: Auth): void {
  sessionStorage.setItem(storedAuth(kind), JSON.stringify(auth));
}
