// The catalogue and docs/reference/errors.md say the same, in both directions.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { httpStatusOf } from "@tenon/model";
import { ErrCode } from "./call/api-error.ts";
import { cloudErrors } from "./cloud/errors.ts";
import { engineErrors, messagingErrors } from "./messaging/errors.ts";
import { fillMessage, hostErrors, requestErrors } from "./errors.ts";

const page = readFileSync(new URL("../../../docs/reference/errors.md", import.meta.url), "utf8");

/** Rows of the first table below a heading, as cells without back-quotes. */
function tableBelow(heading: string): string[][] {
  const section =
    page.split(/^## /m).find((part) => part.startsWith(heading)) ?? assert.fail(`no section "${heading}"`);
  return section
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) =>
      line
        .slice(2, -2)
        .split(" | ")
        .map((cell) => cell.replaceAll("`", "").trim()),
    );
}

describe("docs/reference/errors.md", () => {
  it("lists the codes with their status and name", () => {
    const nameOf = new Map(Object.entries(ErrCode).map(([name, code]) => [code as string, name]));
    assert.deepEqual(
      tableBelow("What a caller gets"),
      Object.entries(httpStatusOf).map(([code, status]) => [code, String(status), `ErrCode.${nameOf.get(code)}`]),
    );
  });

  it("lists every refusal of the catalogue and no other", () => {
    assert.deepEqual(
      tableBelow("What Tenon itself answers").map((row) => row.slice(0, 4)),
      Object.entries(requestErrors).map(([name, { code, status, retryable }]) => [
        name,
        code,
        String(status),
        retryable ? "yes" : "no",
      ]),
    );
  });

  it("lists every reason a process cannot start and no other", () => {
    assert.deepEqual(
      tableBelow("When a process cannot start").map((row) => row[0]),
      Object.keys(hostErrors),
    );
  });
});

describe("docs/reference/errors.md, messages", () => {
  it("lists every reason a message cannot be published and no other", () => {
    assert.deepEqual(
      tableBelow("When a message cannot be published").map((row) => row[0]),
      Object.keys(messagingErrors),
    );
  });

  it("lists every word of the engines and no other", () => {
    assert.deepEqual(
      tableBelow("What engines of messages say").map((row) => row[0]),
      Object.keys(engineErrors),
    );
  });

  it("lists every reason for missing credentials of a cloud and no other", () => {
    assert.deepEqual(
      tableBelow("When a cloud gives no credentials").map((row) => row[0]),
      Object.keys(cloudErrors),
    );
  });
});

describe("the catalogue", () => {
  it("has a status of its own only where HTTP is more exact than the code", () => {
    for (const { code, status } of Object.values(requestErrors)) {
      if (status !== httpStatusOf[code])
        assert.ok([405, 408, 413, 415, 426, 431, 505].includes(status), `${code} ${status}`);
    }
  });

  it("fills places in messages and leaves unknown ones visible", () => {
    assert.equal(fillMessage("{a} and {b}", { a: "$&" }), "$& and {b}");
  });
});
