// Access tokens of a person, by the refresh token that `gcloud auth application-default login` keeps (RFC 6749, section 6). The scopes are those
// that the person agreed to.
import { askForAccessToken } from "../access-token.ts";
import { FAR_TIMEOUT_MS } from "../ask-for-credential.ts";
import type { Lent } from "../kept-credential.ts";
import type { GoogleCredentialsFile } from "./credentials-file.ts";
import { GOOGLE_TOKEN_URL } from "./service-account-token.ts";

export async function fetchUserToken(file: GoogleCredentialsFile): Promise<Lent<string>> {
  return await askForAccessToken({
    what: "access token of Google for the person in the credentials",
    url: file.optional("token_uri") ?? GOOGLE_TOKEN_URL,
    form: {
      grant_type: "refresh_token",
      client_id: file.text("client_id"),
      client_secret: file.text("client_secret"),
      refresh_token: file.text("refresh_token"),
    },
    timeoutMs: FAR_TIMEOUT_MS,
    hint: "gcloud auth application-default login makes new ones",
  });
}
