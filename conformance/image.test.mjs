// `tenon image` over the shop: reproducible, one digest for one changed service, read by other tools, pushed and pulled unchanged, and run by
// podman as nobody on a read-only root. What needs a program that is not installed is skipped and says so.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { deriveDeployment } from "@tenon/deploy";
import { provisionDatabase } from "@tenon/runtime";
import { copyApp } from "./harness/app-copy.mjs";
import { startDockerRegistry } from "./harness/docker-registry.mjs";
import { eventually } from "./harness/eventually.mjs";
import { freePort } from "./harness/free-port.mjs";
import { openPodman, podmanProblem } from "./harness/podman.mjs";
import { requestTo } from "./harness/request-to.mjs";
import { root, runTenon } from "./harness/tenon.mjs";
import { toolsProblem } from "./harness/tools.mjs";
import { startUnits } from "./harness/units-in-podman.mjs";
import { walkThroughTheShop } from "./shop/walk.mjs";

const { startPostgres } = await import(join(root, "packages/tenon/dist/engines/postgres/start-postgres.js"));
const run = promisify(execFile);
const databaseNames = ["users", "products", "orders", "payments", "notifications"];
const units = ["gateway", "notifications", "orders", "payments", "products", "storefront", "users"];

/** Containers of a busy machine take their time to start. */
const patience = { deadlineMs: 60_000 };
const skip = process.platform === "linux" ? false : "an offline base image is made on Linux only";

describe("images of the shop", { skip }, () => {
  let copy;
  let away;
  before(async () => {
    copy = await copyApp("examples/shop");
    away = await mkdtemp(join(tmpdir(), "tenon-images-"));
    await succeed("build", copy.dir);
  });
  after(async () => {
    await copy?.remove();
    if (away !== undefined) await rm(away, { recursive: true, force: true });
  });

  /** Name without registry and tag -> what the command says of the image. */
  async function image(...args) {
    const output = await succeed("image", copy.dir, "--base", "offline", "--json", ...args);
    const lines = output.split("\n").filter((line) => line.startsWith("{"));
    return new Map(lines.map((line) => JSON.parse(line)).map((one) => [one.name.replace(/^.*\/|:[^:/]*$/g, ""), one]));
  }

  test("are the same to the byte when they are made again", async () => {
    const [first, second] = [join(away, "first.tar"), join(away, "second.tar")];
    const made = await image("-o", first);
    assert.deepEqual([...made.keys()], ["shop"]);
    await image("-o", second);
    assert.equal(await fileHash(second), await fileHash(first));
  });

  test("are told apart by what is in them: a change in one service changes one digest", async () => {
    const archive = join(away, "units.tar");
    const before = digestsOf(await image("--per-unit", "-o", archive));
    // An archive of images is such a folder, packed.
    await mkdir(join(away, "before"));
    await run("tar", ["-xf", archive, "-C", join(away, "before")]);
    assert.deepEqual([...before.keys()], units);
    const file = join(copy.dir, "payments/payments.ts");
    const source = await readFile(file, "utf8");
    await writeFile(
      file,
      `${source}\nexport const changedByTheTest = Date.now.name;\nconsole.assert(changedByTheTest);\n`,
    );
    await succeed("build", copy.dir, "--no-check");
    const after = digestsOf(await image("--per-unit", "-o", join(away, "after")));
    await writeFile(file, source);
    assert.deepEqual(
      units.filter((unit) => after.get(unit) !== before.get(unit)),
      ["payments"],
    );
  });

  test("in a folder are named by their hashes, all of them", async () => {
    const blobs = join(away, "before/blobs/sha256");
    for (const name of await readdir(blobs)) assert.equal(await fileHash(join(blobs, name)), name);
    const { manifests } = JSON.parse(await readFile(join(away, "before/index.json"), "utf8"));
    assert.deepEqual(
      manifests.map(({ annotations }) => annotations["org.opencontainers.image.ref.name"]),
      units.map((unit) => `shop/${unit}:latest`),
    );
  });

  test("are read by skopeo and unpacked by umoci", { skip: toolsProblem("skopeo", "umoci") ?? false }, async () => {
    const { stdout } = await run("skopeo", ["inspect", `oci:${join(away, "before")}:shop/orders:latest`]);
    assert.equal(JSON.parse(stdout).Labels["org.opencontainers.image.title"], "orders");
    const unpacked = join(away, "unpacked");
    await run("umoci", ["unpack", "--rootless", "--image", `${join(away, "before")}:shop/orders:latest`, unpacked]);
    const services = await readdir(join(unpacked, "rootfs/app/services"));
    assert.deepEqual(
      services.filter((name) => name.endsWith(".js")),
      ["orders.js"],
    );
    assert.equal((await stat(join(unpacked, "rootfs/tmp"))).mode & 0o7777, 0o1777);
    const { process: started } = JSON.parse(await readFile(join(unpacked, "config.json"), "utf8"));
    assert.deepEqual(started.args, ["node", "main.js", "start", "--services", "orders", "--no-gateway"]);
  });

  describe("in a registry", { skip: toolsProblem("docker-registry", "skopeo") ?? false }, () => {
    let registry;
    before(async () => {
      registry = await startDockerRegistry();
    });
    after(() => registry?.stop());

    test("come back as they were pushed, and are not sent twice", async () => {
      const prefix = ["--image-prefix", `${registry.name}/acme`, "--push"];
      const pushed = await image("--per-unit", ...prefix, "--tag", "1");
      const [first, ...others] = units.map((unit) => pushed.get(unit));
      const size = ({ sentBytes, sizeBytes }) => sentBytes / sizeBytes;
      assert.equal(size(first), 1);
      // Only what is their own: the base is taken over from the first.
      for (const other of others) assert.ok(size(other) < 0.05, `${other.name}: ${other.sentBytes} bytes sent`);
      const again = (await image("--services", "orders", ...prefix, "--tag", "2")).get("orders");
      assert.equal(again.digest, pushed.get("orders").digest);
      assert.equal(again.sentBytes, 0);
      const pulled = join(away, "pulled");
      await run("skopeo", [
        "copy",
        "--src-tls-verify=false",
        `docker://${registry.name}/acme/orders:1`,
        `oci:${pulled}:orders`,
      ]);
      const { manifests } = JSON.parse(await readFile(join(pulled, "index.json"), "utf8"));
      assert.equal(manifests[0].digest, pushed.get("orders").digest);
    });

    test("are a base for others, whose layers stay where they are", async () => {
      const base = `${registry.name}/acme/orders:1`;
      const args = ["--base", base, "--image-prefix", `${registry.name}/other`, "--push", "--json"];
      const [line] = (await succeed("image", copy.dir, ...args)).split("\n").filter((text) => text.startsWith("{"));
      const { sentBytes, sizeBytes } = JSON.parse(line);
      assert.ok(sentBytes > 0 && sentBytes < sizeBytes / 20, line);
    });
  });

  describe("run by podman", { skip: podmanProblem() ?? false }, () => {
    let podman;
    let postgres;
    let databases;
    before(async () => {
      podman = await openPodman();
      postgres = await startPostgres({ dataDir: join(away, "postgres") });
      databases = await provisionDatabases(postgres);
    });
    after(async () => {
      await podman?.remove();
      await postgres?.stop();
    });

    test("serve as nobody on a read-only root, and stop when they are told to", async (t) => {
      await podman.run("load", "--quiet", "--input", join(away, "first.tar"));
      const variables = databaseVariables(databases);
      const [port, internalPort] = [await freePort(), await freePort()];
      const options = ["--read-only", "--network", "host", ...variables.flatMap((variable) => ["--env", variable])];
      await podman.run("run", "--rm", ...options, "shop/shop:latest", "migrate");
      const ports = ["--env", `PORT=${port}`, "--env", `TENON_INTERNAL_PORT=${internalPort}`];
      const container = await podman.run("run", "--detach", ...options, ...ports, "shop/shop:latest");
      t.after(() => podman.run("logs", container).then((logs) => t.diagnostic(logs.slice(-500))));
      const answer = await eventually(
        "the shop to answer",
        async () => {
          const response = await fetch(`http://127.0.0.1:${port}/products`).catch(() => undefined);
          return response?.status === 200 ? response.json() : undefined;
        },
        patience,
      );
      assert.ok(answer, "no products");
      const script = "process.stdout.write(JSON.stringify([process.getuid(), process.getgid()]))";
      assert.equal(await podman.run("exec", container, "node", "-e", script), "[65532,65532]");
      const writing = 'require("node:fs").writeFileSync("/app/x", "")';
      await assert.rejects(podman.run("exec", container, "node", "-e", writing), /EROFS|EACCES/);
      const [, ...check] = await healthcheck(join(away, "before"));
      await podman.run("exec", container, ...check);
      await podman.run("stop", "--time", "20", container);
      assert.equal(await podman.run("inspect", "--format", "{{.State.ExitCode}}", container), "0");
    });

    test("one for each process answer as the app does anywhere else", async (t) => {
      await podman.run("load", "--quiet", "--input", join(away, "units.tar"));
      const graph = JSON.parse(await readFile(join(copy.dir, ".tenon/build/app.json"), "utf8"));
      const units = await startUnits(podman, deriveDeployment(graph, "per-service"), { dir: away, databases });
      t.after(async () => t.diagnostic(await units.logs()));
      await walkThroughTheShop({ request: (...args) => requestTo(units.gateway, ...args) });
    });
  });
});

async function succeed(...args) {
  const { code, stdout, stderr } = await runTenon(args);
  assert.equal(code, 0, stdout + stderr);
  return stdout;
}

function digestsOf(images) {
  return new Map([...images].map(([name, { digest }]) => [name, digest]));
}

async function fileHash(file) {
  return createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
}

/** Of the first image in a layout: ["CMD", program, ...]. */
async function healthcheck(layout) {
  const read = async (digest) => JSON.parse(await readFile(join(layout, "blobs", digest.replace(":", "/")), "utf8"));
  const { manifests } = JSON.parse(await readFile(join(layout, "index.json"), "utf8"));
  const { config } = await read(manifests[0].digest);
  return (await read(config.digest)).config.Healthcheck.Test;
}

/** Name -> its URL, as containers see it. */
async function provisionDatabases({ adminUrl }) {
  const databases = new Map();
  for (const database of [...databaseNames, "messages"]) {
    const { connectionString } = await provisionDatabase(adminUrl, { database, role: database });
    const url = new URL(connectionString);
    // A container does not see the socket.
    url.searchParams.delete("host");
    databases.set(database, url);
  }
  return databases;
}

function databaseVariables(databases) {
  return [...databases].map(
    ([name, url]) => `${name === "messages" ? "TENON_MESSAGES" : name.toUpperCase()}_DATABASE_URL=${url}`,
  );
}
