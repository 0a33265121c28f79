// The scope of access tokens for Google Cloud.
/** What is enough for all of Google's services; what an account may do there is said by its roles. */
export const GOOGLE_CLOUD_SCOPE = "https://www.googleapis.com/auth/cloud-platform";
