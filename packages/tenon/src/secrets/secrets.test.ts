// Where secrets are read from and written to.
import assert from "node:assert/strict";
import { mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { parseEnv } from "node:util";
import type { Graph, Service } from "@tenon/model";
import { parseCueSecrets } from "./cue-secrets.ts";
import {
  ENCRYPTED_FILE,
  KEY_FILE,
  KEY_VARIABLE,
  readEncryptedSecrets,
  removeEncryptedSecret,
  setEncryptedSecret,
} from "./encrypted-file.ts";
import { removeFromEnvFile, setInEnvFile } from "./env-file.ts";
import { readLocalSecrets } from "./local-secrets.ts";
import { missingSecrets } from "./missing-secrets.ts";
import { createSecretsKey, decryptSecret, encryptSecret, parseSecretsKey } from "./secret-cipher.ts";

const folder = () => mkdtemp(join(tmpdir(), "tenon-secrets-"));

test("Encore's local file: fields, quoted names, escapes, raw and long strings, comments, commas", () => {
  const text = `// local secrets
package main
Plain: "value" // as it is
"Quoted-Name": "a \\"b\\" \\u00e9\\n",
Raw: #"C:\\dir "x""#
Long: """
    first
      second
    """
`;
  assert.deepEqual(parseCueSecrets(text, "f"), {
    Plain: "value",
    "Quoted-Name": 'a "b" \u00e9\n',
    Raw: 'C:\\dir "x"',
    Long: "first\n  second",
  });
  assert.deepEqual(parseCueSecrets('{ A: "1", B: "2" }', "f"), { A: "1", B: "2" });
  assert.deepEqual(parseCueSecrets("", "f"), {});
});

test("what that file should not hold is refused with its line", () => {
  assert.throws(() => parseCueSecrets('A: "1"\nB: 2\n', "x.cue"), {
    code: "secrets_file_invalid",
    message: /^x\.cue:2: /,
  });
  assert.throws(() => parseCueSecrets("A:\n", "x.cue"), /x\.cue:\d+: expected/);
  assert.throws(() => parseCueSecrets('A: "\\q"', "x.cue"), /x\.cue:1: the escape/);
});

test("an encrypted value opens with its key and its name only, and never twice the same", () => {
  const key = parseSecretsKey(createSecretsKey()) as Buffer;
  const encrypted = encryptSecret(key, "Name", "v\u00e4lue");
  assert.equal(decryptSecret(key, "Name", encrypted), "v\u00e4lue");
  assert.notEqual(encryptSecret(key, "Name", "v\u00e4lue"), encrypted);
  assert.equal(decryptSecret(key, "Other", encrypted), undefined);
  assert.equal(decryptSecret(parseSecretsKey(createSecretsKey()) as Buffer, "Name", encrypted), undefined);
  assert.equal(decryptSecret(key, "Name", `${encrypted.slice(0, -2)}AA`), undefined);
  assert.equal(decryptSecret(key, "Name", "v1.short"), undefined);
  assert.equal(parseSecretsKey("too short"), undefined);
});

test("the first encrypted secret makes a key, which git does not get", async () => {
  const dir = await folder();
  await writeFile(join(dir, ".gitignore"), "dist");
  assert.deepEqual(await setEncryptedSecret(dir, {}, "B", "two"), { madeKey: true });
  assert.deepEqual(await setEncryptedSecret(dir, {}, "A", "one"), { madeKey: false });
  assert.equal((await stat(join(dir, KEY_FILE))).mode & 0o077, 0);
  assert.equal(await readFile(join(dir, ".gitignore"), "utf8"), `dist\n${KEY_FILE}\n`);
  const text = await readFile(join(dir, ENCRYPTED_FILE), "utf8");
  assert.deepEqual(Object.keys(JSON.parse(text).secrets), ["A", "B"]);
  assert.ok(!text.includes("one"));
  assert.deepEqual(await readEncryptedSecrets(dir, {}), {
    names: ["A", "B"],
    values: { A: "one", B: "two" },
    hasKey: true,
  });
  assert.equal(await removeEncryptedSecret(dir, "A"), true);
  assert.equal(await removeEncryptedSecret(dir, "A"), false);
  assert.deepEqual((await readEncryptedSecrets(dir, {})).names, ["B"]);
});

test("the key may come from the environment; a wrong one and a missing one are told", async () => {
  const dir = await folder();
  const key = createSecretsKey();
  await setEncryptedSecret(dir, { [KEY_VARIABLE]: key }, "A", "one");
  assert.deepEqual((await readEncryptedSecrets(dir, {})).values, {});
  assert.deepEqual((await readEncryptedSecrets(dir, { [KEY_VARIABLE]: key })).values, { A: "one" });
  await assert.rejects(readEncryptedSecrets(dir, { [KEY_VARIABLE]: createSecretsKey() }), {
    code: "secrets_key_wrong",
  });
  await assert.rejects(readEncryptedSecrets(dir, { [KEY_VARIABLE]: "x" }), { code: "secrets_key_invalid" });
  await assert.rejects(setEncryptedSecret(dir, {}, "B", "two"), { code: "secrets_key_missing" });
  const other = { [KEY_VARIABLE]: createSecretsKey() };
  await assert.rejects(setEncryptedSecret(dir, other, "B", "two"), { code: "secrets_key_wrong" });
  await writeFile(join(dir, ENCRYPTED_FILE), '{"secrets":{"A":1}}');
  await assert.rejects(readEncryptedSecrets(dir, {}), { code: "secrets_file_invalid" });
});

test("a variable is set and removed in a .env file, and the rest stays as it is", async () => {
  const file = join(await folder(), ".env.local");
  for (const value of ["plain", "with space", 'q"uote', "it's", "two\nlines", " edge ", "#hash", "$HOME"]) {
    await writeFile(file, '# mine\nA=1\nKEY="old\nvalue" # was\nB=2');
    await setInEnvFile(file, "KEY", value);
    const text = await readFile(file, "utf8");
    assert.deepEqual({ ...parseEnv(text) }, { A: "1", KEY: value, B: "2" }, text);
    assert.ok(text.startsWith("# mine\n"));
    assert.equal(await removeFromEnvFile(file, "KEY"), true);
    assert.equal(await readFile(file, "utf8"), "# mine\nA=1\nB=2");
  }
  assert.equal(await removeFromEnvFile(file, "KEY"), false);
  await setInEnvFile(file, "NEW", "x");
  assert.equal(await readFile(file, "utf8"), "# mine\nA=1\nB=2\nNEW=x\n");
  await assert.rejects(setInEnvFile(file, "BAD", `"'\``), { code: "secret_not_writable" });
});

test("the nearer source wins, and is named", async () => {
  const dir = await folder();
  const mounted = await folder();
  const names = ["A", "B", "C", "D", "E", "F", "G"];
  for (const name of names.slice(0, 6)) await setEncryptedSecret(dir, {}, name, "encrypted");
  await writeFile(join(dir, ".env"), "B=env\nC=env\nD=env\nE=env\nF=env\n");
  await writeFile(join(dir, ".secrets.local.cue"), 'C: "cue"\nD: "cue"\nE: "cue"\nF: "cue"\n');
  await writeFile(join(dir, ".env.local"), "D=local\nE=local\nF=local\n");
  await writeFile(join(mounted, "E"), "mounted\n");
  await writeFile(join(mounted, "F"), "mounted");
  const found = await readLocalSecrets(dir, names, { TENON_SECRETS_DIR: mounted, F: "process" });
  assert.deepEqual([...found].map(([name, { value, source }]) => [name, value, source]).sort(), [
    ["A", "encrypted", "secrets.enc.json"],
    ["B", "env", ".env"],
    ["C", "cue", ".secrets.local.cue"],
    ["D", "local", ".env.local"],
    ["E", "mounted", "TENON_SECRETS_DIR"],
    ["F", "process", "the environment"],
  ]);
});

test("all secrets without a value are told at once, but for those that nobody uses", () => {
  const location = { file: "a.ts", line: 1, column: 1 };
  const service: Service = { name: "a", directory: "a", endpoints: [], calls: [], databases: [], secrets: ["X", "Y"] };
  const secrets = [
    { name: "X", services: ["a", "b"], location },
    { name: "Y", services: ["a"], location },
    { name: "Z", services: [], location },
  ];
  const graph: Graph = { version: 1, app: { id: "x" }, services: [service], databases: [], secrets, schemas: {} };
  assert.match(missingSecrets(graph, () => false)?.message ?? "", /X \(used by a, b\); Y \(used by a\)$/);
  assert.equal(
    missingSecrets(graph, () => true),
    undefined,
  );
});
