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

  it("gives itself back when details are added, and shows no name among its fields", () => {
    const error = new APIError(ErrCode.Aborted, "what", new Error("why"));
    assert.equal(error.withDetails({ a: 1 }), error);
    assert.deepEqual(error.details, { a: 1 });
    assert.equal(error.name, "APIError");
    assert.ok(!Object.keys(error).includes("name"));
    assert.deepEqual(new APIError("not_found", "m", undefined, { b: 2 }).details, { b: 2 });
  });
});

describe("APIError.define", () => {
  class OutOfStock extends APIError.define("failed_precondition", "out_of_stock")<{ left: number }> {}
  class Closed extends APIError.define("failed_precondition", "closed") {}

  it("makes errors with a code, a type and details of their own", () => {
    const cause = new Error("why");
    const error = new OutOfStock("two are left", { left: 2 }, cause);
    assert.ok(error instanceof APIError && error instanceof OutOfStock && error instanceof Error);
    assert.deepEqual(
      [error.code, error.type, error.message, error.details, error.cause],
      ["failed_precondition", "out_of_stock", "two are left", { left: 2 }, cause],
    );
    assert.equal(new Closed("closed").details, undefined);
  });

  it("is known by its type, also when it has come from another process", () => {
    const arrived: unknown = new APIError(
      "failed_precondition",
      "two are left",
      undefined,
      { left: 2 },
      "out_of_stock",
    );
    assert.ok(arrived instanceof OutOfStock);
    assert.equal(arrived.details.left, 2);
    assert.ok(!(arrived instanceof Closed));
    assert.ok(!(APIError.failedPrecondition("x") instanceof OutOfStock));
    assert.ok(!((null as unknown) instanceof OutOfStock));
  });
});

describe("api", () => {
  it("is the handler itself", () => {
    const handler = async (params: { id: string }) => params.id;
    assert.equal(api({ method: "GET", path: "/x/:id", expose: true }, handler), handler);
  });
});
