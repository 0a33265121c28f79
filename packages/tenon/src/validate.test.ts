// Rules, defaults, cookies, the status and schemas as TypeScript sees them: what stands here must compile, and what is marked as an
// error must not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { api, type Cookie, type CookieWithOptions, HttpStatus, type RequestOf, type ResponseOf } from "./api.ts";
import { Decimal, type DurationString } from "./types.ts";
import type { Default, IsEmail, IsURL, Max, MaxLen, Message, Min, MinLen, UniqueItems } from "./validate.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function holds<_T extends true>(): void {}

interface Ruled {
  name: string & MinLen<1> & MaxLen<5>;
  contact: string & (IsEmail | IsURL);
  share: number & (Min<3> | Max<1>);
  tags: (string & MinLen<1>)[] & MaxLen<3> & UniqueItems;
  price: Decimal & Min<0>;
  told: string & Message<MinLen<3> & IsEmail, "is odd">;
  page: Default<number & Min<1>, 1>;
  flag: Default<boolean, true>;
  note: Default<string | null, null>;
}

test("plain values have rules, and values with rules are plain", () => {
  const ruled: Ruled = {
    name: "a",
    contact: "b",
    share: 1,
    tags: ["x"],
    price: new Decimal(1),
    told: "t",
    page: 1,
    flag: false,
    note: null,
  };
  const plain: { name: string; share: number; tags: string[]; price: Decimal; flag: boolean; note: string | null } =
    ruled;
  const other: string & IsEmail = ruled.name;
  // @ts-expect-error: not a string
  ruled.name = 1;
  // @ts-expect-error: not a Decimal
  ruled.price = "1";
  assert.deepEqual([plain.name, other], [1, "a"]);
});

test("cookies and the status take plain values", () => {
  const cookie: Cookie<"sid"> = { value: "x", sameSite: "Lax", maxAge: 1 };
  const count: Cookie<number, "n"> = { value: 1 };
  const made: CookieWithOptions<string> = cookie;
  const again: Cookie = made;
  const statuses: HttpStatus[] = [HttpStatus.Created, 204];
  // @ts-expect-error: not a number
  count.value = "1";
  // @ts-expect-error: no such attribute
  cookie.sameSite = "lax";
  assert.deepEqual([again.value, count.value, statuses], ["x", "1", [201, 204]]);
});

test("a duration has a unit", () => {
  const durations: DurationString[] = ["1h30m", "90s", "1.5h"];
  // @ts-expect-error: a number alone says nothing
  const wrong: DurationString = "90";
  assert.equal(durations.length + wrong.length, 5);
});

test("callers of an endpoint with schemas send the input and get the output, its handler the other way round", async () => {
  const Sent = z.object({ day: z.string().transform((text) => new Date(text)), count: z.number().default(1) });
  const Given = z.object({ text: z.number().transform(String) });
  const both = api({ request: Sent, response: Given }, async ({ day, count }) => ({ text: day.getTime() + count }));
  holds<Equal<RequestOf<typeof both>, { day: string; count?: number | undefined }>>();
  holds<Equal<ResponseOf<typeof both>, { text: string }>>();
  const request = api({ request: Sent }, async ({ count }) => ({ count }));
  holds<Equal<RequestOf<typeof request>, { day: string; count?: number | undefined }>>();
  holds<Equal<ResponseOf<typeof request>, { count: number }>>();
  const response = api({ response: Given }, async ({ id }: { id: string }) => ({ text: id.length }));
  holds<Equal<RequestOf<typeof response>, { id: string }>>();
  holds<Equal<ResponseOf<typeof response>, { text: string }>>();
  // @ts-expect-error: the schema wants a number
  api({ response: Given }, async () => ({ text: "1" }));
  // Called directly it is the function itself.
  assert.deepEqual(await both({ day: new Date(1), count: 2 }), { text: 3 });
});
