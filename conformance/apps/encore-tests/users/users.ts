// Who is asking, and what they may see of themselves.
import { api, Gateway, type Header } from "encore.dev/api";
import { authHandler } from "encore.dev/auth";
import { getAuthData } from "~encore/auth";

interface AuthParams {
  authorization: Header<"Authorization">;
}

interface AuthData {
  userID: string;
}

const auth = authHandler<AuthParams, AuthData>(async ({ authorization }) => ({ userID: authorization }));

export const gateway = new Gateway({ authHandler: auth });

export const me = api(
  { expose: true, auth: true, method: "GET", path: "/me" },
  async (): Promise<{ id: string }> => ({ id: getAuthData()!.userID }),
);

export const stamped = api({ tags: ["stamped"] }, async (): Promise<{ stamp?: string }> => ({}));
