// Knows one reader, by token or by the cookie of a session.
import { APIError, type Cookie, Gateway, type Header } from "tenon/api";
import { authHandler } from "tenon/auth";

export const auth = authHandler(
  async ({ authorization, session }: { authorization?: Header<"Authorization">; session?: Cookie<"session"> }) => {
    if (authorization === "Bearer reader" || session?.value === "reader's") return { userID: "reader" };
    throw APIError.unauthenticated("nobody of that name");
  },
);

export const gateway = new Gateway({ authHandler: auth });
