// The door of the shop and who comes through it: a customer shows a token, in the Authorization header or in the cookie of the page.
// How a customer gets one (a password, a passkey, a mail with a link) is left out here; `ada-token` and `grace-token` are there.
import { type Cookie, Gateway, type Header } from "tenon/api";
import { authHandler } from "tenon/auth";
import { db } from "./database.ts";

interface Credentials {
  authorization?: Header<"Authorization">;
  session?: Cookie<"session">;
}

/** Whom `getAuthData()` gives to every endpoint, in every service that the request leads to. */
interface Customer {
  userID: string;
}

const customer = authHandler<Credentials, Customer>(async ({ authorization, session }) => {
  const token = authorization?.replace(/^Bearer /, "") ?? session?.value ?? "";
  const row = await db.queryRow<{ user_id: string }>`
    SELECT user_id FROM sessions WHERE token_sha256 = sha256(convert_to(${token}, 'UTF8'))`;
  return row === null ? null : { userID: row.user_id };
});

export const gateway = new Gateway({ authHandler: customer });
