// A request that has to say who it is: a bearer token that is looked up.
import { api, Gateway, type Header } from "tenon/api";
import { authHandler } from "tenon/auth";
import { getAuthData } from "~tenon/auth";
import { userOfToken } from "../../tokens.mjs";

interface AuthParams {
  authorization: Header<"Authorization">;
}

interface AuthData {
  userID: string;
}

export const auth = authHandler<AuthParams, AuthData>(async ({ authorization }) => {
  const userID = authorization.startsWith("Bearer ") ? userOfToken.get(authorization.slice(7)) : undefined;
  return userID === undefined ? null : { userID };
});

export const gateway = new Gateway({ authHandler: auth });

export const me = api({ method: "GET", path: "/me", expose: true, auth: true }, (): { userId: string } => ({
  userId: getAuthData()!.userID,
}));
