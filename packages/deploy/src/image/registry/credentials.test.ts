import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type Credentials, findCredentials } from "./credentials.ts";

const ada: Credentials = { kind: "password", username: "ada", password: "s3:cret" };
const auth = Buffer.from("ada:s3:cret").toString("base64");

describe("credentials of a registry", () => {
  let home: string;
  before(async () => {
    home = await mkdtemp(join(tmpdir(), "tenon-credentials-"));
  });
  after(() => rm(home, { recursive: true, force: true }));

  const place = async (path: string, content: unknown) => {
    const file = join(home, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
  };
  const find = (registry: string, environment = {}, repository = "acme/shop") =>
    findCredentials(registry, repository, { HOME: home, PATH: join(home, "bin"), ...environment });

  test("nobody where there are no files", async () => {
    assert.equal(await find("ghcr.io"), undefined);
  });

  test("from Docker's file, under the names that it uses", async () => {
    const folder = dirname(
      await place("docker/config.json", {
        auths: { "ghcr.io": { auth }, "https://index.docker.io/v1/": { auth }, "https://other.example.com": { auth } },
      }),
    );
    for (const registry of ["ghcr.io", "docker.io", "other.example.com"]) {
      assert.deepEqual(await find(registry, { DOCKER_CONFIG: folder }), ada, registry);
    }
    assert.equal(await find("quay.io", { DOCKER_CONFIG: folder }), undefined);
  });

  test("from podman's file, the longest name first", async () => {
    const other = Buffer.from("bob:pw").toString("base64");
    await place("config/containers/auth.json", { auths: { "quay.io": { auth }, "quay.io/acme": { auth: other } } });
    const environment = { XDG_CONFIG_HOME: join(home, "config") };
    assert.deepEqual(await find("quay.io", environment, "other/shop"), ada);
    assert.deepEqual(await find("quay.io", environment), { kind: "password", username: "bob", password: "pw" });
  });

  test("from REGISTRY_AUTH_FILE alone where it is set", async () => {
    await place(".docker/config.json", { auths: { "ghcr.io": { auth } } });
    assert.deepEqual(await find("ghcr.io"), ada);
    const file = await place("ci.json", { auths: { "quay.io": { identitytoken: "t" } } });
    assert.equal(await find("ghcr.io", { REGISTRY_AUTH_FILE: file }), undefined);
    assert.deepEqual(await find("quay.io", { REGISTRY_AUTH_FILE: file }), { kind: "identityToken", token: "t" });
    await assert.rejects(find("quay.io", { REGISTRY_AUTH_FILE: join(home, "missing.json") }), {
      code: "registry_credentials_unreadable",
    });
  });

  test("a file that is no JSON is told by name", async () => {
    const file = await place("broken.json", "{");
    await assert.rejects(find("ghcr.io", { REGISTRY_AUTH_FILE: file }), (error: Error & { code: string }) => {
      assert.equal(error.code, "registry_credentials_unreadable");
      assert.ok(error.message.includes(file));
      return true;
    });
  });

  test("from a helper: a password, a token, none, and a failure", { skip: process.platform === "win32" }, async () => {
    const program = await place("bin/docker-credential-vault", helperProgram());
    await chmod(program, 0o755);
    const file = await place("helped.json", { credsStore: "vault", auths: { "plain.example.com": { auth } } });
    const environment = { REGISTRY_AUTH_FILE: file };
    assert.deepEqual(await find("ghcr.io", environment), ada);
    assert.deepEqual(await find("docker.io", environment), {
      kind: "identityToken",
      token: "of https://index.docker.io/v1/",
    });
    assert.deepEqual(await find("plain.example.com", environment), ada);
    await assert.rejects(find("locked.example.com", environment), /vault is locked/);
    const missing = await place("missing-helper.json", { credHelpers: { "ghcr.io": "absent" } });
    await assert.rejects(find("ghcr.io", { REGISTRY_AUTH_FILE: missing }), { code: "registry_credentials_unreadable" });
  });
});

/** Answers as Docker's own helpers do. */
function helperProgram(): string {
  return `#!${process.execPath}
const server = require("node:fs").readFileSync(0, "utf8").trim();
const answers = {
  "ghcr.io": { Username: "ada", Secret: "s3:cret" },
  "https://index.docker.io/v1/": { Username: "<token>", Secret: "of " + server },
};
const known = answers[server];
if (server === "locked.example.com") console.log("vault is locked");
else console.log(known === undefined ? "credentials not found in native keychain" : JSON.stringify(known));
process.exit(known === undefined ? 1 : 0);
`;
}
