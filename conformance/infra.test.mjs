// infra.json as people write it: files of the incumbent are read as they are, broken ones are told exactly what is wrong with them, and the
// JSON Schema knows what the reader knows.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { root, runTenon } from "./harness/tenon.mjs";
import { incumbentKeys, keyPaths, refusedOnPurpose } from "./infra/incumbent-keys.test.support.mjs";
import { fullValue, misfits } from "./infra/schema.test.support.mjs";

const { engineTypes } = await import(join(root, "packages/tenon/dist/start/infra-pubsub.js"));
const { resolveInfra } = await import(join(root, "packages/tenon/dist/start/infra.js"));
const schema = JSON.parse(await readFile(join(root, "packages/tenon/infra.schema.json"), "utf8"));

async function fixtures(folder) {
  const names = await readdir(join(root, "conformance/infra", folder));
  const read = async (name) => [
    name.replace(/\.json$/, ""),
    JSON.parse(await readFile(join(root, "conformance/infra", folder, name), "utf8")),
  ];
  return Promise.all(names.sort().map(read));
}
const resolve = (content, environment = {}) => resolveInfra(content, { environment, folder: root });

const broken = await fixtures("broken");
describe("a broken file is told what is wrong with it", () => {
  for (const [name, { infra, environment, problems }] of broken) {
    test(name.replaceAll("-", " "), async () => {
      const { values } = await resolve(infra, environment);
      assert.deepEqual(values.problems, problems);
    });
  }

  test("there are more than thirty of them", () => assert.ok(broken.length > 30));
});

const incumbent = await fixtures("incumbent");
describe("a file of Encore.ts is read as it is", () => {
  for (const [name, { infra, environment, reads }] of incumbent) {
    test(name.replaceAll("-", " "), async () => {
      const { infra: read, values } = await resolve(infra, environment);
      assert.deepEqual(values.problems, []);
      for (const [key, expected] of Object.entries(reads)) assert.deepEqual(read[key], expected, key);
      assert.deepEqual(values.notices, reads.notices ?? []);
      assert.deepEqual(misfits(schema, infra), []);
    });
  }
});

test("certificates of a file of Encore.ts reach the connections of its databases", async () => {
  const [, { infra, environment }] = incumbent.find(([name]) => name === "sql-servers-with-certificates");
  const { infra: read } = await resolve(infra, environment);
  const { ca, client_cert } = infra.sql_servers[0].tls_config;
  const own = infra.sql_servers[0].databases.orders.client_cert;
  for (const [name, cert, key] of [
    ["users", client_cert.cert, environment.SERVER_KEY],
    ["orders", own.cert, environment.OWN_KEY],
  ]) {
    const { searchParams } = new URL(read.databases[name].connectionString);
    assert.equal(searchParams.get("sslmode"), "verify-ca");
    for (const [parameter, text] of Object.entries({ sslrootcert: ca, sslcert: cert, sslkey: key })) {
      assert.equal(await readFile(searchParams.get(parameter), "utf8"), `${text}\n`, `${name} ${parameter}`);
    }
  }
});

describe("of the keys of Encore.ts", () => {
  test("each is in a file that is read as it is", () => {
    const read = new Set(incumbent.flatMap(([, { infra }]) => keyPaths(infra)));
    assert.deepEqual(
      incumbentKeys.filter((path) => !read.has(path)),
      [],
    );
  });

  for (const [what, name] of Object.entries(refusedOnPurpose)) {
    test(`not honoured is ${what}`, () => assert.ok(broken.some(([one]) => one === name)));
  }
});

describe("the JSON Schema and the reader", () => {
  // More than any list of alternatives has.
  for (const choice of [0, 1, 2, 3, 4, 5, 6, 7, 8]) {
    test(`know the same keys, alternative ${choice}`, async () => {
      const content = fullValue(schema, choice);
      const { values } = await resolve(content);
      const unknown = values.problems.filter((problem) => problem.includes("is not supported by"));
      assert.deepEqual(unknown, []);
      const inSchema = keysIn(content);
      // The engine of somebody else's knows its own keys; maps have any.
      for (const [at, keys] of values.known) {
        assert.deepEqual([...keys].sort(), inSchema.get(at)?.sort(), `keys of ${at || "the file"}`);
        inSchema.delete(at);
      }
      const isRead = (at) =>
        [...values.known.keys()].some((known) => known.startsWith(`${at}.`) || known.startsWith(`${at}[`));
      const left = [...inSchema].filter(
        ([at, keys]) => !isRead(at) && keys.join() !== "any" && !keys[0].startsWith("$") && at !== "pubsub[0]",
      );
      assert.deepEqual(left, []);
    });
  }

  test("know the same engines of messages", () => {
    const types = schema.properties.pubsub.items.anyOf.map(({ properties }) => properties.type.const);
    assert.deepEqual(types.sort(), [...engineTypes].sort());
  });

  test("refuse the same wrong words and kinds", () => {
    for (const name of [
      "unknown-root-key",
      "cloud-of-no-known-name",
      "shutdown-as-duration",
      "workers-as-text",
      "two-engines-of-messages",
    ]) {
      const [, { infra }] = broken.find(([one]) => one === name);
      assert.notDeepEqual(misfits(schema, infra), [], name);
    }
  });
});

/** Object by where it is -> its keys. */
function keysIn(value, at = "") {
  const found = new Map();
  if (typeof value !== "object" || value === null) return found;
  if (!Array.isArray(value)) found.set(at, Object.keys(value));
  for (const [key, item] of Object.entries(value)) {
    const place = Array.isArray(value) ? `${at}[${key}]` : at === "" ? key : `${at}.${key}`;
    for (const [where, keys] of keysIn(item, place)) found.set(where, keys);
  }
  return found;
}

describe("secrets from a store", () => {
  let folder;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "tenon-secrets-"));
    await mkdir(join(folder, "shop"));
    await writeFile(join(folder, "shop/db"), '{"username":"shop","password":"p@ss"}\n');
    await writeFile(join(folder, "stripe"), "sk_live\n");
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const databases = (password) => [{ host: "db", databases: { users: { username: "u", password } } }];

  test("a folder of files, and fields of those that are JSON", async () => {
    const { infra, values } = await resolveInfra(
      {
        secret_store: { type: "files", directory: "." },
        secrets: { Stripe: { $secret: "stripe" } },
        sql_servers: databases({ $secret: "shop/db", key: "password" }),
      },
      { environment: {}, folder },
    );
    assert.deepEqual(values.problems, []);
    assert.deepEqual(infra.secrets, { Stripe: "sk_live" });
    assert.equal(new URL(infra.databases.users.connectionString).password, "p%40ss");
  });

  test("nothing outside of the folder, nothing that is not there", async () => {
    const secrets = { Out: { $secret: "../etc/passwd" }, Gone: { $secret: "gone" } };
    const content = { secret_store: { type: "files", directory: "." }, secrets };
    const { values } = await resolveInfra(content, { environment: {}, folder });
    assert.equal(values.problems.length, 2);
    assert.match(values.problems[0], /^secrets\.Out: the secret "\.\.\/etc\/passwd" can't be read: it is not below/);
    assert.match(values.problems[1], /^secrets\.Gone: the secret "gone" can't be read: ENOENT/);
  });

  test("what a program prints, once for each secret, without a shell", async () => {
    const script =
      "console.log('<' + process.argv[1] + '>'); require('fs').appendFileSync('asked', process.argv[1] + ';')";
    const content = {
      secret_store: {
        type: "command",
        command: [
          process.execPath,
          "-e",
          script.replace("'asked'", JSON.stringify(join(folder, "asked"))),
          "id={name}",
        ],
      },
      secrets: { A: { $secret: "a b; echo no" }, Again: { $secret: "a b; echo no" } },
    };
    const { infra, values } = await resolve(content);
    assert.deepEqual(values.problems, []);
    assert.deepEqual(infra.secrets, { A: "<id=a b; echo no>", Again: "<id=a b; echo no>" });
    assert.equal(await readFile(join(folder, "asked"), "utf8"), "id=a b; echo no;");
  });

  test("a program that fails, or is not there, is told with what it said", async () => {
    const failing = [process.execPath, "-e", "console.error('no such secret'); process.exit(3)"];
    const { values } = await resolve({
      secret_store: { type: "command", command: failing },
      secrets: { A: { $secret: "a" } },
    });
    assert.deepEqual(values.problems, [
      `secrets.A: the secret "a" can't be read: ${process.execPath} ended with 3: no such secret`,
    ]);
    const absent = {
      secret_store: { type: "command", command: ["no-such-program"] },
      secrets: { A: { $secret: "a" } },
    };
    assert.match((await resolve(absent)).values.problems[0], /no-such-program ended with ENOENT/);
  });
});

describe("tenon infra", () => {
  let copy;
  /** The app's graph as a build has it, which need not be made out each time. */
  let build;
  before(async () => {
    copy = await copyApp("examples/shop");
    build = join(copy.dir, "build");
    await mkdir(build);
    const graph = await runTenon(["graph", copy.dir]);
    assert.equal(graph.code, 0, graph.stderr);
    await writeFile(join(build, "app.json"), graph.stdout);
    await writeFile(join(build, "main.js"), "");
  });
  after(() => copy?.remove());
  const tenon = (...args) => runTenon(["infra", ...args]);
  const values = {
    API_BASE_URL: "https://api.shop.example",
    DATABASE_HOST: "db:5432",
    TENON_KEY: "a key that is long enough",
    TENON_MESSAGES_DATABASE_URL: "postgres://m@db/m",
  };

  test("init writes a file that is complete once its variables are set, and never a second time", async () => {
    const file = join(copy.dir, "infra.json");
    const written = await tenon("init", copy.dir, "-o", file);
    assert.equal(written.code, 0, written.stderr);
    const variables = [...written.stdout.matchAll(/^ {2}(\S+) {2}/gm)].map(([, name]) => name);
    const content = JSON.parse(await readFile(file, "utf8"));
    assert.deepEqual(misfits(schema, content), []);
    assert.doesNotMatch(JSON.stringify(content), /"password":"/);
    const before = await tenon("check", build, "--infra", file);
    assert.equal(before.code, 1);
    for (const name of variables) assert.ok(before.stdout.includes(`variable ${name} is not set`), name);
    const env = { ...Object.fromEntries(variables.map((name) => [name, "x"])), ...values };
    const after = await runTenon(["infra", "check", build, "--infra", file], { env });
    assert.equal(after.code, 0, after.stdout);
    assert.match(after.stdout, /complete\n$/);
    assert.equal((await tenon("check", build, "--infra", file, "--without-values")).code, 0);
    const again = await tenon("init", build, "-o", file);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /infra_exists/);
  });

  test("init and check are for a part of the app, too, and the file says which", async () => {
    for (const [name, ...part] of [
      ["door.json", "--gateway-only"],
      ["orders.json", "--services", "orders,payments", "--no-gateway", "--broker", "redis"],
      ["users.json", "--services", "users,orders", "--no-gateway", "--broker", "nsq"],
      ["cloud.json", "--services", "users,orders", "--no-gateway", "--broker", "aws_sns_sqs"],
    ]) {
      const file = join(copy.dir, name);
      assert.equal((await tenon("init", build, "-o", file, ...part)).code, 0);
      assert.deepEqual(misfits(schema, JSON.parse(await readFile(file, "utf8"))), []);
      const checked = await tenon("check", build, "--infra", file, "--without-values");
      assert.equal(checked.code, 0, checked.stdout);
    }
  });

  test("check takes the content from the environment, too, as a start does", async () => {
    const env = { TENON_INFRA: '{"metadata":{"env_type":"moon"}}' };
    const { code, stdout } = await runTenon(["infra", "check", build], { env });
    assert.equal(code, 1);
    assert.match(stdout, /^TENON_INFRA for .*: 1 wrong, 6 missing\n/);
  });

  test("check tells what is wrong, what is missing with the line to add, and what is there for nothing", async () => {
    const file = join(copy.dir, "wrong.json");
    const content = {
      metadata: { cloud: "moon" },
      sql_servers: [{ host: "db", databases: { users: { username: "u" }, user: { username: "u" } } }],
      service_discovery: { users: { base_url: "http://users:8081" }, cellar: { base_url: "http://c" } },
      redis: { main: { host: "cache", min_connections: 4 } },
    };
    await writeFile(file, JSON.stringify(content));
    const { code, stdout } = await tenon("check", build, "--infra", file, "--services", "users,orders", "--json");
    assert.equal(code, 1);
    const findings = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const of = (kind) => findings.filter((finding) => finding.kind === kind);
    assert.deepEqual(
      of("wrong").map(({ message }) => message.slice(0, 14)),
      ["metadata.cloud"],
    );
    const missing = of("missing");
    assert.ok(
      missing.some(({ what, add }) => what === 'database "orders"' && add.includes('"ORDERS_PASSWORD"')),
      stdout,
    );
    assert.ok(
      missing.some(({ where }) => where === "service_discovery.products.base_url"),
      stdout,
    );
    // Every line to add is one that can be added.
    for (const { add } of missing) assert.deepEqual(misfits(schema, JSON.parse(`{${add}}`)), [], add);
    assert.deepEqual(
      of("unused").map(({ message }) => message),
      [
        "service_discovery.users: this process hosts it itself",
        "service_discovery.cellar: the app has no such service",
        "sql_servers[].databases.user: the app declares no such thing",
        "redis.main: the app declares no such thing",
      ],
    );
    assert.equal(of("notice").length, 1);
  });
});
