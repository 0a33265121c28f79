// People, and whether they may order.
import { api, Gateway, type Header } from "tenon/api";
import { authHandler } from "tenon/auth";
import { getAuthData } from "~tenon/auth";

interface User {
  id: string;
  email: string;
  mayOrder: boolean;
}

export const auth = authHandler(async ({ authorization }: { authorization: Header<"Authorization"> }) => ({
  userID: authorization,
  role: "user" as "user" | "admin",
}));

export const gateway = new Gateway({ authHandler: auth });

export const get = api({ path: "/users/:id", method: "GET" }, async ({ id }: { id: string }): Promise<User> => {
  return { id, email: `${id}@example.com`, mayOrder: true };
});

export const whoami = api({ auth: true }, async (): Promise<{ id: string; role: string }> => {
  const { userID, role } = getAuthData()!;
  return { id: userID, role };
});
