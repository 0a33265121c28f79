// `@tenon/runtime/cloud`: who a process is at the clouds, for what speaks to their services.
export { type AwsKeys, type AwsKeySource, awsCredentials, awsKeySource } from "./aws-credentials.ts";
export { awsEndpoint, awsRegion } from "./aws/aws-endpoint.ts";
export { azureToken } from "./azure-token.ts";
export type { Environment } from "./environment.ts";
export { CloudCredentialsError, type CloudErrorCode, cloudErrors } from "./errors.ts";
export { googleIdentityToken } from "./google-identity-token.ts";
export { headersToSend } from "./headers-to-send.ts";
export { GOOGLE_CLOUD_SCOPE } from "./google/cloud-scope.ts";
export { googleToken } from "./google-token.ts";
export type { CredentialOf } from "./shared-by-environment.ts";
export { type SignedFor, signRequest, type UnsignedRequest } from "./sign-request.ts";
