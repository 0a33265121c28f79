// URLs of Azure Blob Storage with which anybody may make one request: signed with the account's key
// (https://learn.microsoft.com/rest/api/storageservices/create-service-sas), or with a key that the account gives to an identity for a while
// (https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas).
import { clock } from "../../clock/clock.ts";
import type { Asked } from "../http/store-failure.ts";
import { readXml, textOf } from "../xml/read-xml.ts";
import { writeXml } from "../xml/write-xml.ts";
import { API_VERSION } from "./azure-client.ts";
import { requireText } from "./azure-failure.ts";
import type { AzureSend } from "./azure-upload.ts";
import { signature } from "./shared-key.ts";

export interface AzureAccess {
  readonly account: string;
  readonly container: string;
  readonly key: string;
  readonly version: string | undefined;
  /** "r", "cw": in the order that Azure has for them. */
  readonly permissions: string;
  readonly endsAtMs: number;
  /** Not over plain HTTP. */
  readonly isTls: boolean;
}

/** A key as `Get User Delegation Key` gives it. */
export interface DelegationKey {
  readonly objectId: string;
  readonly tenantId: string;
  readonly start: string;
  readonly expiry: string;
  readonly service: string;
  readonly version: string;
  /** In base64. */
  readonly value: string;
}

const DAY_MS = 24 * 60 * 60_000;
/** As long as such a key may hold, by Azure's clock. */
const LONGEST_MS = 7 * DAY_MS;
/** As long as it is asked for, unless a URL is to hold for longer: clocks differ. */
const USUAL_MS = 6 * DAY_MS;
/** So long ago it begins, for the same reason. */
const BEFORE_MS = 15 * 60_000;

/** The query that allows it. */
export function accountSas(access: AzureAccess, accountKey: string): Record<string, string> {
  const { permissions, isTls } = access;
  const sr = resourceOf(access);
  const se = timeOf(access.endsAtMs);
  const spr = isTls ? "https" : "";
  const noStart = "";
  const noPolicy = "";
  const noAddresses = "";
  const text = [permissions, noStart, se, nameOf(access), noPolicy, noAddresses, spr, ...tail(access)].join("\n");
  return shown({
    sv: API_VERSION,
    spr,
    se,
    sr,
    sp: permissions,
    sig: signature(accountKey, text),
    ...versionOf(access),
  });
}

export function delegatedSas(access: AzureAccess, key: DelegationKey): Record<string, string> {
  const { permissions, isTls } = access;
  const sr = resourceOf(access);
  const se = timeOf(access.endsAtMs);
  const spr = isTls ? "https" : "";
  const signedKey = [key.objectId, key.tenantId, key.start, key.expiry, key.service, key.version];
  const noAgents = ["", "", ""];
  const lines = [permissions, "", se, nameOf(access), ...signedKey, ...noAgents, "", spr, ...tail(access)];
  const sig = signature(key.value, lines.join("\n"));
  const [skoid = "", sktid = "", skt = "", ske = "", sks = "", skv = ""] = signedKey;
  const own = { skoid, sktid, skt, ske, sks, skv };
  return shown({ sv: API_VERSION, spr, se, sr, sp: permissions, ...own, sig, ...versionOf(access) });
}

/** One that holds until then at least. */
export async function fetchDelegationKey(
  send: AzureSend,
  path: string,
  untilMs: number,
  asked: Asked,
): Promise<DelegationKey> {
  const now = clock().now();
  const endMs = Math.max(untilMs, now + USUAL_MS);
  const startMs = Math.max(now - BEFORE_MS, endMs - LONGEST_MS);
  const times = [["Start", timeOf(startMs)] as const, ["Expiry", timeOf(endMs)] as const];
  const body = Buffer.from(writeXml(["KeyInfo", times]));
  const query = { restype: "service", comp: "userdelegationkey" };
  const headers = { "content-type": "application/xml" };
  const root = readXml(await requireText(await send({ method: "POST", path, query, headers, body }, asked), asked));
  const field = (name: string) => textOf(root, name) ?? "";
  return {
    objectId: field("SignedOid"),
    tenantId: field("SignedTid"),
    start: field("SignedStart"),
    expiry: field("SignedExpiry"),
    service: field("SignedService"),
    version: field("SignedVersion"),
    value: field("Value"),
  };
}

/** Version, resource, its version, encryption scope, and the five headers that the answer could be made to have. */
function tail(access: AzureAccess): string[] {
  return [API_VERSION, resourceOf(access), access.version ?? "", "", "", "", "", "", ""];
}

function resourceOf({ version }: AzureAccess): string {
  return version === undefined ? "b" : "bv";
}

function versionOf({ version }: AzureAccess): { readonly versionid?: string } {
  return version === undefined ? {} : { versionid: version };
}

function nameOf({ account, container, key }: AzureAccess): string {
  return `/blob/${account}/${container}/${key}`;
}

function timeOf(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d{3}/, "");
}

function shown(query: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ""));
}
