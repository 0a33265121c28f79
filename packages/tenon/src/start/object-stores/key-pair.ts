// A pair of keys of an S3-compatible store, written into infra.json.
import type { InfraValues, Settings } from "../infra-values.ts";

export interface KeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export function readKeyPair(store: Settings, at: string, values: InfraValues): KeyPair {
  return {
    accessKeyId: values.text(store["access_key_id"], `${at}.access_key_id`),
    secretAccessKey: values.text(store["secret_access_key"], `${at}.secret_access_key`),
  };
}
