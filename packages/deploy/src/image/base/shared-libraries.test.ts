import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, test } from "node:test";
import { parseLdd, sharedLibraries } from "./shared-libraries.ts";

describe("the libraries of a program", () => {
  test("are those with a path; what the kernel provides has none", () => {
    const output = `	linux-vdso.so.1 (0x00007ffd4b5f2000)
	libstdc++.so.6 => /lib/x86_64-linux-gnu/libstdc++.so.6 (0x00007f2a5e000000)
	libmissing.so => not found
	/lib64/ld-linux-x86-64.so.2 (0x00007f2a5e5a1000)
`;
    assert.deepEqual(parseLdd(output), ["/lib/x86_64-linux-gnu/libstdc++.so.6", "/lib64/ld-linux-x86-64.so.2"]);
  });

  const skip = process.platform === "linux" ? false : "ldd is of Linux";
  test("of this Node are here, the loader and the C library among them", { skip }, async () => {
    const files = await sharedLibraries(process.execPath);
    for (const file of files) assert.ok(existsSync(file), file);
    assert.ok(files.some((file) => file.endsWith("/libc.so.6")));
    assert.ok(files.some((file) => /\/ld-linux[^/]*$/.test(file)));
  });

  test("cannot be told of what is no program", { skip }, async () => {
    await assert.rejects(sharedLibraries(import.meta.filename), { code: "base_unusable" });
  });
});
