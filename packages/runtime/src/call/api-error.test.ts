import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { httpStatusOf } from "@tenon/model";
import { api } from "./api.ts";
import { APIError, ErrCode } from "./api-error.ts";

describe("APIError", () => {
  it("has a helper for each code but ok, named like it", () => {
    const helpers = APIError as unknown as Record<string, (message: string, cause?: Error) => APIError>;
    const cause = new Error("why");
    for (const code of Object.keys(httpStatusOf).filter((candidate) => candidate !== "ok")) {
      const name = code.replace(/_(\w)/g, (_match, letter: string) => letter.toUpperCase());
      const error = helpers[name]!("what", cause);
      assert.ok(error instanceof APIError && error instanceof Error, name);
      assert.deepEqual([error.code, error.message, error.cause, error.details], [code, "what", cause, undefined]);
    }
    assert.deepEqual(Object.values(ErrCode).sort(), Object.keys(httpStatusOf).sort());
  });

  it("keeps code, message and cause when details are added, and leaves the original alone", () => {
    const error = new APIError(ErrCode.Aborted, "what", new Error("why"));
    const detailed = error.withDetails({ a: 1 });
    assert.deepEqual(
      [detailed.code, detailed.message, detailed.cause, detailed.details],
      [error.code, error.message, error.cause, { a: 1 }],
    );
    assert.equal(error.details, undefined);
    assert.deepEqual(new APIError("not_found", "m", undefined, { b: 2 }).details, { b: 2 });
  });
});

describe("api", () => {
  it("is the handler itself", () => {
    const handler = async (params: { id: string }) => params.id;
    assert.equal(api({ method: "GET", path: "/x/:id", expose: true }, handler), handler);
  });
});
