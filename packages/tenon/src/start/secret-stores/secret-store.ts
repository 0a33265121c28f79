// The seam between infra.json and what keeps secrets. Every kind of `secret_store` is one of these.

export interface SecretStore {
  /** Rejects with what is wrong, without the value. */
  read(name: string): Promise<string>;
}

/** Of whoever made a secret with an editor or `echo`: one line end at the end is not part of it. */
export function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, "");
}
