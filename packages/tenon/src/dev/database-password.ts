// The password of a database's role on the server of development and tests.
import { createHmac } from "node:crypto";

/** The same at every start, so that tools keep their connections; nothing but the administrator's own password could tell it. */
export function passwordFor(database: string, adminUrl: string): { password?: string } {
  const secret = new URL(adminUrl).password;
  return secret === "" ? {} : { password: createHmac("sha256", secret).update(database).digest("base64url") };
}
