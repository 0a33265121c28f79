import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryApp } from "../testing-app.test.support.ts";
import type { FileFacts } from "./declarations.ts";
import { FactsCache } from "./facts-cache.ts";

const facts: FileFacts = {
  imports: [],
  declarations: [],
  factories: [],
  factoryUses: [],
  syntaxErrors: [],
  isAmbient: true,
};
const never = () => assert.fail("parsed again");

test("what was saved is not parsed again, and what is no longer there is dropped", async (t) => {
  const file = join(await temporaryApp(t, {}), "cache/facts.json");
  const cache = new FactsCache(file);
  assert.equal(
    cache.get("a", () => facts),
    facts,
  );
  cache.save(new Map([["a", facts]]));
  const restarted = new FactsCache(file);
  assert.deepEqual(restarted.get("a", never), facts);
  const before = await readFile(file, "utf8");
  restarted.save(new Map([["a", facts]]));
  assert.equal(await readFile(file, "utf8"), before);
  restarted.get("b", () => facts);
  restarted.save(new Map([["b", facts]]));
  let parsed = 0;
  new FactsCache(file).get("a", () => {
    parsed++;
    return facts;
  });
  assert.equal(parsed, 1);
});

test("a file that is cut off or of another version is as good as none", async (t) => {
  const file = join(await temporaryApp(t, {}), "facts.json");
  for (const text of ['{"version":"1', "null", "[]", '{"version":"0","facts":[["a",{}]]}', '{"facts":7}']) {
    await writeFile(file, text);
    assert.equal(
      new FactsCache(file).get("a", () => facts),
      facts,
      text,
    );
  }
});
