// The declarations as TypeScript sees them: what stands here must compile, and what is marked as an error must not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { api, type Endpoint, type Header, type Query, type RequestOf, type ResponseOf } from "./api.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function holds<_T extends true>(): void {}

test("an endpoint is its handler, typed by it", async () => {
  const get = api({ method: ["GET", "POST"] as const, path: "/x" }, async ({ id }: { id: string }) => ({ id, n: 1 }));
  holds<Equal<typeof get, Endpoint<{ id: string }, { id: string; n: number }>>>();
  holds<Equal<RequestOf<typeof get>, { id: string }>>();
  holds<Equal<ResponseOf<typeof get>, { id: string; n: number }>>();
  assert.deepEqual(await get({ id: "a" }), { id: "a", n: 1 });
});

test("an endpoint that takes and returns nothing is called without arguments", async () => {
  const ping = api({ expose: true }, async () => {});
  holds<Equal<typeof ping, Endpoint<void, void>>>();
  holds<Equal<RequestOf<typeof ping>, void>>();
  holds<Equal<ResponseOf<typeof ping>, void>>();
  assert.equal(await ping(), undefined);
  // @ts-expect-error: there is no request to give
  await ping({ id: "a" });
});

test("the response of any function is what awaiting it gives", () => {
  // biome-ignore-start lint/suspicious/noExplicitAny: what a handler without types returns
  holds<Equal<ResponseOf<() => any>, any>>();
  holds<Equal<ResponseOf<() => Promise<any>>, any>>();
  // biome-ignore-end lint/suspicious/noExplicitAny: as above
  holds<Equal<ResponseOf<() => unknown>, unknown>>();
  holds<Equal<ResponseOf<() => never>, never>>();
  holds<Equal<ResponseOf<() => Promise<never>>, never>>();
  holds<Equal<ResponseOf<() => Promise<{ a: 1 }> | { b: 2 }>, { a: 1 } | { b: 2 }>>();
  holds<Equal<ResponseOf<() => Promise<1> | Promise<2>>, 1 | 2>>();
  holds<Equal<ResponseOf<() => PromiseLike<5>>, 5>>();
});

test("type arguments are the request and the response, void by default", () => {
  interface Params {
    name: string;
  }
  const greet = api<Params, { text: string }>({}, ({ name }) => ({ text: name }));
  holds<Equal<typeof greet, Endpoint<Params, { text: string }>>>();
  // @ts-expect-error: the response lacks what is declared
  api<Params, { text: string }>({}, () => ({}));
});

test("options are checked", () => {
  // @ts-expect-error: no such method
  api({ method: "FETCH" }, async () => {});
  // @ts-expect-error: no such option
  api({ route: "/x" }, async () => {});
  const tags = ["a", "b"] as const;
  api({ method: "*", bodyLimit: null, tags }, async () => {});
});

test("header and query fields take plain values and give them back", () => {
  interface Params {
    plain: Header;
    wide: Header<string>;
    named: Header<"X-Name">;
    count: Header<number, "X-Count">;
    kind: Header<"a" | "b", "X-Kind">;
    when: Header<Date, "X-When">;
    flag: Query<boolean>;
    ids: Query<string[], "id">;
  }
  const params: Params = {
    plain: "1",
    wide: "2",
    named: "any text at all",
    count: 3,
    kind: "a",
    when: new Date(0),
    flag: true,
    ids: ["x"],
  };
  const texts: string[] = [params.plain, params.wide, params.named];
  const numbers: number[] = [params.count];
  const kind: "a" | "b" = params.kind;
  const when: Date = params.when;
  const flag: boolean = params.flag;
  const ids: string[] = params.ids;
  assert.deepEqual({ texts, numbers, kind, when, flag, ids }.numbers, [3]);
  // @ts-expect-error: not a number
  params.count = "3";
  // @ts-expect-error: not one of the two
  params.kind = "c";
});
