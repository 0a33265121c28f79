// The users and the auth handler that the pages speak of.
import { api, Gateway, type Header } from "tenon/api";
import { authHandler } from "tenon/auth";

export interface User {
  id: string;
  email: string;
  role?: "admin" | "user";
  mayOrder?: boolean;
}

const ada: User = { id: "ada", email: "ada@example.com", role: "admin" };

export const auth = authHandler(async ({ authorization }: { authorization: Header<"Authorization"> }) =>
  authorization === "Bearer secret" ? { userID: ada.id, role: ada.role } : null,
);

export const gateway = new Gateway({ authHandler: auth });

export const get = api({ method: "GET", path: "/users/:id", expose: true }, async (_request: { id: string }) => ada);

export const byToken = api(
  {},
  async ({ token }: { token: string }): Promise<User | null> => (token === "secret" ? ada : null),
);

export const list = api(
  { method: "GET", path: "/users", expose: true },
  async ({ limit = 20 }: { limit?: number }) => ({
    items: [ada].slice(0, limit),
  }),
);
