import { add, admin } from "@acme/math";
import { extra } from "@acme/math/extra";
import { lookUp, token, type User } from "@acme/shared";
import { extra as viaPath } from "@lib/extra";
import { api } from "encore.dev/api";

export const get = api(
  { expose: true, method: "GET", path: "/orders/:id" },
  async ({ id }: { id: string }): Promise<{ user: User; sum: number; text: string; token: string }> => ({
    user: await lookUp(id),
    sum: add(1, 2),
    text: [admin, extra(), viaPath()].join(" "),
    token: token(),
  }),
);
