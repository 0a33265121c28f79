// Response fields that are the status, headers and cookies of the public answer.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Property, Schema } from "@tenon/model";
import { boolean, codecOf, codes, date, number, object, oneOf, ruled, run, string } from "./codecs.test.support.ts";

const cookieOf = (value: Schema): Schema =>
  object({
    value,
    "expires?": date,
    "sameSite?": oneOf("Lax", "None", "Strict"),
    "domain?": string,
    "path?": string,
    "maxAge?": number,
    "secure?": boolean,
    "httpOnly?": boolean,
    "partitioned?": boolean,
  });
const status = ruled(number, { rule: "integer" }, { rule: "min", value: 200 }, { rule: "max", value: 599 });
const placed = (name: string, schema: Schema, place: NonNullable<Property["placement"]>["in"], as = name): Property => {
  return { name, schema, optional: true, placement: { in: place, name: as } };
};
const response: Schema = {
  kind: "object",
  properties: [
    { name: "id", schema: string, optional: false },
    placed("etag", string, "header", "ETag"),
    placed("session", cookieOf(string), "cookie", "sid"),
    placed("visits", cookieOf(number), "cookie"),
    placed("code", status, "status", ""),
  ],
};
const codec = await codecOf(response);

function answer(value: unknown) {
  const wire = run(codec.encode, value).value as Record<string, unknown>;
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  codec.takeHeaders!(wire, headers);
  codec.takeCookies!(wire, cookies);
  const code = codec.takeStatus!(wire);
  return { wire, headers, cookies, code };
}

test("each goes to its place, and only the rest is the body", () => {
  const expires = new Date("2030-01-02T03:04:05.678Z");
  const session = {
    value: "a b;c",
    expires,
    domain: "a.b",
    path: "/",
    maxAge: 60.5,
    httpOnly: true,
    secure: true,
    sameSite: "Lax",
    partitioned: true,
  };
  assert.deepEqual(answer({ id: "1", etag: '"x"', session, visits: { value: 2, secure: false }, code: 201 }), {
    wire: { id: "1" },
    headers: { etag: '"x"' },
    cookies: [
      "sid=a%20b%3Bc; Domain=a.b; Path=/; Expires=Wed, 02 Jan 2030 03:04:05 GMT; Max-Age=60; HttpOnly; Secure; SameSite=Lax; Partitioned",
      "visits=2",
    ],
    code: 201,
  });
});

test("what is absent is nowhere", () => {
  assert.deepEqual(answer({ id: "1" }), { wire: { id: "1" }, headers: {}, cookies: [], code: undefined });
});

test("a status that no answer can end with, and attributes that would end themselves, are refused in every direction", () => {
  const wrong = { id: "1", code: 100, session: { value: "x", path: "/;Domain=evil", domain: "a\r\nb" } };
  for (const convert of [codec.encode, codec.copy]) {
    assert.deepEqual(codes(run(convert, wrong)).toSorted(), [
      "code out_of_range",
      "session.domain invalid_format",
      "session.path invalid_format",
    ]);
  }
});

test("between services they are fields as any other", () => {
  const value = { id: "1", code: 204, visits: { value: 1 } };
  assert.deepEqual(run(codec.copy, value).value, value);
});
