// Who is asking: a token in a header, a ticket in the query, or a session cookie.
import { APIError, api, type Cookie, Gateway, type GatewayConfig, type Header, type Query } from "encore.dev/api";
import { authHandler, type AuthHandler } from "encore.dev/auth";
import { getAuthData } from "~encore/auth";

interface AuthParams {
  authorization?: Header<"Authorization">;
  ticket?: Query<string>;
  session?: Cookie<"session">;
}

interface AuthData {
  userID: string;
  via: "token" | "ticket" | "session";
}

const auth: AuthHandler<AuthParams, AuthData> = authHandler<AuthParams, AuthData>(
  async ({ authorization, ticket, session }) => {
    if (authorization !== undefined) {
      if (authorization === "Bearer ada") return { userID: "ada", via: "token" };
      if (authorization === "Bearer broken") throw APIError.unavailable("the directory is down");
      throw APIError.unauthenticated("unknown token");
    }
    if (ticket !== undefined) return { userID: ticket, via: "ticket" };
    return session === undefined ? null : { userID: session.value, via: "session" };
  },
);

const settings: GatewayConfig = { authHandler: auth };

export const gateway = new Gateway({ authHandler: auth });

interface Who {
  userID: string | null;
  via: string | null;
  hasHandler: boolean;
}

export const whoami = api({ method: "GET", path: "/whoami", expose: true, auth: true }, async (): Promise<Who> => {
  const { userID, via } = getAuthData()!;
  return { userID, via, hasHandler: settings.authHandler === auth };
});

export const anybody = api({ method: "GET", path: "/anybody", expose: true }, async (): Promise<Who> => {
  const data = getAuthData();
  return { userID: data?.userID ?? null, via: data?.via ?? null, hasHandler: true };
});
