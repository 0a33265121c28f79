// `tenon gen client` on the command line: languages, choices, where it writes, and what it refuses.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { runTenon } from "./harness/tenon.mjs";

describe("tenon gen client", () => {
  let copy;
  const gen = (...args) => runTenon(["gen", "client", ...args], { cwd: copy.dir });
  before(async () => {
    copy = await copyApp("conformance/apps/clients");
  });
  after(() => copy?.remove());

  test("the ending of the file decides the language; folders are made", async () => {
    const files = {
      "out/a.ts": /^export namespace library /m,
      "out/b/c.mjs": /^export class Client /m,
      "out/d.json": /"openapi": "3.1.0"/,
    };
    for (const [file, sign] of Object.entries(files)) {
      const { code, stdout, stderr } = await gen("-o", file);
      assert.deepEqual([code, stdout, stderr], [0, "", ""]);
      assert.match(await readFile(join(copy.dir, file), "utf8"), sign);
    }
  });

  test("without a file it prints; a script of encore gen client works", async () => {
    const { code, stdout } = await gen("clients", "--lang=openapi", "--env=local", "--server", "https://x.example");
    assert.equal(code, 0);
    const document = JSON.parse(stdout);
    assert.deepEqual(document.servers, [{ url: "https://x.example" }]);
    assert.equal(document.paths["/library.secret"] ?? document.paths["/library/secret"], undefined);
  });

  test("services and private endpoints can be chosen", async () => {
    const paths = async (...args) => Object.keys(JSON.parse((await gen("-l", "openapi", ...args)).stdout).paths);
    assert.deepEqual(await paths("--excluded-services", "library"), []);
    assert.ok((await paths("--services", "library", "--private")).includes("/library/secret"));
  });

  test("what makes no sense is refused", async () => {
    const wrong = [
      [[], 2, /name a language/],
      [["-o", "client.txt"], 2, /does not end in/],
      [["--lang", "cobol"], 2, /--lang must be one of/],
      [["--lang", "openapi", "--env", "production"], 2, /--env can only be local/],
      [["--lang", "openapi", "--server", "x"], 2, /--server must be/],
      [["--lang", "openapi", "--environment-url", "https://x.example"], 2, /\{name\}/],
      [["--lang", "openapi", "--services", "libary"], 1, /no service "libary".*\n.*library/],
      [["--lang", "openapi", "elsewhere"], 1, /no_such_folder/],
    ];
    for (const [args, exitCode, message] of wrong) {
      const { code, stdout, stderr } = await gen(...args);
      assert.deepEqual([code, stdout], [exitCode, ""], args.join(" "));
      assert.match(stderr, message);
    }
    const { code, stderr } = await runTenon(["gen", "server"]);
    assert.equal(code, 2);
    assert.match(stderr, /gen knows client/);
  });
});
