// A gateway that asks who everybody is: an endpoint for known callers only.
import { api, Gateway, type Header } from "tenon/api";
import { authHandler } from "tenon/auth";
import { getAuthData } from "~tenon/auth";

interface Shown {
  authorization: Header<"Authorization">;
}

interface Person {
  userID: string;
}

export const auth = authHandler<Shown, Person>(async ({ authorization }) => {
  return authorization.startsWith("Bearer ") ? { userID: authorization.slice(7) } : null;
});

export const gateway = new Gateway({ authHandler: auth });

export const me = api({ method: "GET", path: "/me", expose: true, auth: true }, async (): Promise<Person> => {
  return { userID: getAuthData()!.userID };
});

/** For everybody, and nothing in the request that the auth handler takes. */
export const anybody = api({ method: "GET", path: "/anybody", expose: true }, async (): Promise<Person> => {
  return { userID: "nobody" };
});
