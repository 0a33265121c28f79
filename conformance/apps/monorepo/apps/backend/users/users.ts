import { type Page, Role, type User } from "@acme/shared";
import { api } from "encore.dev/api";

export const get = api(
  { expose: true, method: "GET", path: "/users/:id" },
  async ({ id }: { id: string }): Promise<User> => ({ id, name: "Ann", role: Role.Admin }),
);

export const list = api(
  { expose: true, method: "GET", path: "/users" },
  async (): Promise<Page<User>> => ({ items: [] }),
);
