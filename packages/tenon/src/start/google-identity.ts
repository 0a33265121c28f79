// The identity token of the service account that a process runs as on Google Cloud, for one audience; kept until shortly before its end.
interface Held {
  readonly token: string;
  readonly endsAtMs: number;
}

const RENEWED_BEFORE_MS = 5 * 60_000;
const ANSWERS_WITHIN_MS = 5_000;

export class GoogleIdentity {
  readonly #url: string;
  #held: Held | undefined;
  #asking: Promise<Held> | undefined;

  /** `audience`: URL of the service that is called. GCE_METADATA_HOST stands in for Google's metadata server, as in Google's own libraries. */
  constructor(audience: string, environment: Readonly<Record<string, string | undefined>>) {
    const host = environment["GCE_METADATA_HOST"] ?? "metadata.google.internal";
    const query = `audience=${encodeURIComponent(audience)}`;
    this.#url = `http://${host}/computeMetadata/v1/instance/service-accounts/default/identity?${query}`;
  }

  /** Throws Error when there is none to be had. */
  async token(): Promise<string> {
    const held = this.#held;
    if (held !== undefined && held.endsAtMs - Date.now() > RENEWED_BEFORE_MS) return held.token;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return (await this.#asking).token;
  }

  async #ask(): Promise<Held> {
    const headers = { "metadata-flavor": "Google" };
    const response = await fetch(this.#url, { headers, signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
    if (!response.ok) throw new Error(`Google's metadata server gave no identity token: ${response.status}`);
    const token = (await response.text()).trim();
    this.#held = { token, endsAtMs: endOf(token) };
    return this.#held;
  }
}

/** `exp` of a JSON Web Token (RFC 7519); what does not say is asked for anew each time. */
function endOf(token: string): number {
  try {
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as { exp?: unknown };
    return typeof claims.exp === "number" ? claims.exp * 1000 : 0;
  } catch {
    return 0;
  }
}
