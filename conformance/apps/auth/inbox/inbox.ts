import { api } from "encore.dev/api";
import { getAuthData } from "~encore/auth";

/** Private, and only for calls that are made for somebody. */
export const whose = api({ auth: true }, async (): Promise<{ user: string }> => ({ user: getAuthData()!.userID }));
