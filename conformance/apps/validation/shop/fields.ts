// Cookies, headers and the status, and rules on what arrives wherever it comes from.
import { api, type Cookie, type Header, HttpStatus, type Query } from "tenon/api";
import type { Decimal } from "tenon/types";
import type { Default, IsEmail, IsURL, Max, MaxLen, Message, Min, MinLen } from "tenon/validate";

interface Order {
  name: string & MinLen<2> & MaxLen<5>;
  contact: string & (IsEmail | IsURL);
  price: Decimal & Min<0.01>;
  lines: { sku: string & Message<MinLen<3>, "is no SKU">; quantity: number & Min<3.5> }[] & MinLen<1>;
  page: Query<Default<number & Max<10>, 1>>;
  /** @minimum 0 */
  discount?: number;
}

export const place = api({ path: "/orders", expose: true }, async (order: Order) => ({
  total: order.price.mul(order.lines.length),
  page: order.page,
  name: order.name,
}));

export const strict = api(
  { path: "/strict", expose: true, strict: true },
  async ({ inner }: { inner: { a: string }; page?: Query<number> }) => ({ a: inner.a }),
);

interface Visit {
  session?: Cookie<"sid">;
  visits?: Cookie<number, "visits">;
}

interface Visited {
  seen: string | null;
  status: HttpStatus;
  session: Cookie<"sid">;
  visits: Cookie<number, "visits">;
  location: Header<"Location">;
}

export const visit = api(
  { method: "GET", path: "/visit", expose: true },
  async ({ session, visits }: Visit): Promise<Visited> => ({
    seen: session?.value ?? null,
    status: session === undefined ? HttpStatus.Created : 202,
    session: { value: "a b;c=ü", httpOnly: true, secure: true, sameSite: "Lax", path: "/", maxAge: 60 },
    visits: { value: (visits?.value ?? 0) + 1, expires: new Date("2030-01-02T03:04:05Z") },
    location: "/elsewhere",
  }),
);

export const nothing = api({ method: "DELETE", path: "/visit", expose: true }, async () => ({
  status: 204 as HttpStatus,
}));

const anything: unknown = { name: "x" };

export const broken = api(
  { method: "GET", path: "/broken", expose: true },
  async (): Promise<{ name: string & MinLen<3> }> => anything as { name: string },
);
