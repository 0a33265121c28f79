// Endpoints whose requests and answers are more than a JSON body: who asks, cookies, statuses, decimals.
import { api, type Cookie, HttpStatus } from "tenon/api";
import type { Decimal } from "tenon/types";
import { getAuthData } from "~tenon/auth";

/** Who is asking. */
export const me = api({ method: "GET", path: "/library/me", expose: true, auth: true }, async () => ({
  userID: getAuthData()!.userID,
}));

/** Counts visits in a cookie. */
export const visit = api(
  { method: "POST", path: "/library/visit", expose: true },
  async ({
    visits,
    by,
  }: {
    visits?: Cookie<number, "visits">;
    by: string;
  }): Promise<{
    visits: Cookie<number, "visits">;
    status: HttpStatus;
    by: string;
    before: number;
  }> => ({
    visits: { value: (visits?.value ?? 0) + 1, httpOnly: true },
    status: HttpStatus.Created,
    by,
    before: visits?.value ?? 0,
  }),
);

/** What is owed. */
export const fine = api(
  { method: "POST", path: "/library/fine", expose: true },
  async ({ price, factor }: { price: Decimal; factor: Decimal }) => ({ total: price.mul(factor) }),
);

/** For the app itself only, and only for somebody. */
export const secretOf = api({ auth: true }, async () => ({ of: getAuthData()!.userID }));
