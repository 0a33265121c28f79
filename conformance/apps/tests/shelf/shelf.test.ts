import { resetDatabase } from "tenon/test";
import { beforeEach, expect, test } from "vitest";
import { shelf } from "~tenon/clients";
import { list } from "./shelf";

beforeEach(resetDatabase);

for (const attempt of ["once", "and again"]) {
  test(`each test begins with what the migrations made, ${attempt}`, async () => {
    expect(await list()).toEqual({ books: [{ id: 1, title: "Middlemarch" }] });
    expect(await shelf.add({ title: "Emma" })).toEqual({ id: 2, title: "Emma" });
    expect((await shelf.list()).books).toHaveLength(2);
  });
}
