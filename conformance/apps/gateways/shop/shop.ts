import { api } from "tenon/api";
import { getAuthData } from "~tenon/auth";

export const items = api({ method: "GET", path: "/items", expose: true, tags: ["public", "admin"] }, async () => ({
  items: ["pen"],
  by: getAuthData()?.userID ?? null,
}));

export const audit = api({ method: "GET", path: "/audit", expose: true, auth: true, tags: ["admin"] }, async () => ({
  by: getAuthData()!.userID,
}));

export const basket = api({ method: "GET", path: "/basket", expose: true }, async () => ({ basket: [] as string[] }));
