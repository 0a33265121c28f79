// Signatures of the service account that a process is at Google Cloud, as signed URLs need them: by the private key in its credentials file, else
// by Google itself, which keeps the keys of accounts that have no file
// (https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/signBlob).
import { askForCredential, askForJson, FAR_TIMEOUT_MS } from "./ask-for-credential.ts";
import type { Environment } from "./environment.ts";
import { CloudCredentialsError } from "./errors.ts";
import { GOOGLE_CLOUD_SCOPE } from "./google/cloud-scope.ts";
import { type GoogleCredentialsFile, readGoogleCredentials } from "./google/credentials-file.ts";
import { metadataRequest } from "./google/metadata-server.ts";
import { signatureBy } from "./google/service-account-token.ts";
import { googleToken } from "./google-token.ts";
import { sharedByEnvironment } from "./shared-by-environment.ts";

export interface GoogleSigner {
  /** Address of the account. */
  readonly email: string;
  /** RSA with SHA-256 (PKCS #1 v1.5). Rejects with CloudCredentialsError. */
  sign(text: string): Promise<Buffer>;
}

export const IAM_CREDENTIALS_URL = "https://iamcredentials.googleapis.com";

/** ".../serviceAccounts/NAME@PROJECT.iam.gserviceaccount.com:generateAccessToken" */
const IMPERSONATED = /\/serviceAccounts\/([^/:]+):generateAccessToken$/;

const shared = sharedByEnvironment<GoogleSigner>((environment, iamUrl) => {
  let known: Promise<GoogleSigner> | undefined;
  return () => {
    known ??= createSigner(environment, iamUrl).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
});

/** What it gives rejects with CloudCredentialsError where the process has no identity that can sign. */
export function googleSigner(environment: Environment, iamUrl = IAM_CREDENTIALS_URL): () => Promise<GoogleSigner> {
  return shared(environment, iamUrl);
}

async function createSigner(environment: Environment, iamUrl: string): Promise<GoogleSigner> {
  const file = await readGoogleCredentials(environment);
  if (file?.optional("type") === "service_account") return byPrivateKey(file);
  const email = file === undefined ? await emailOfMachine(environment) : emailOf(file);
  return { email, sign: (text) => signedByGoogle(environment, email, text, iamUrl) };
}

function byPrivateKey(file: GoogleCredentialsFile): GoogleSigner {
  return { email: file.text("client_email"), sign: async (text) => signatureBy(file, text) };
}

function emailOf(file: GoogleCredentialsFile): string {
  const email = IMPERSONATED.exec(file.optional("service_account_impersonation_url") ?? "")?.[1];
  if (email !== undefined) return decodeURIComponent(email);
  const reason = `${file.path}: credentials of type "${file.optional("type")}" without a service account cannot sign URLs`;
  throw new CloudCredentialsError("cloud_credentials_missing", reason);
}

async function emailOfMachine(environment: Environment): Promise<string> {
  const { text } = await askForCredential(metadataRequest(environment, "service account of Google", "email"));
  return text.trim();
}

async function signedByGoogle(environment: Environment, email: string, text: string, iamUrl: string): Promise<Buffer> {
  const what = `signature of ${email}`;
  const url = `${iamUrl}/v1/projects/-/serviceAccounts/${encodeURIComponent(email)}:signBlob`;
  const token = await googleToken(environment, GOOGLE_CLOUD_SCOPE)();
  const { signedBlob } = await askForJson({
    what,
    url,
    headers: { authorization: `Bearer ${token}` },
    json: { payload: Buffer.from(text).toString("base64") },
    timeoutMs: FAR_TIMEOUT_MS,
    hint: "may the account sign for itself (roles/iam.serviceAccountTokenCreator on itself)?",
  });
  if (typeof signedBlob === "string") return Buffer.from(signedBlob, "base64");
  throw new CloudCredentialsError("cloud_credentials_unavailable", `no ${what}: ${url} gave none`);
}
