// Settings: where they come from, which source wins, and what is told when they do not fit.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Codec, Issue, Schema } from "@tenon/model";
import { whileLoading } from "../lifecycle/loading-service.ts";
import { hideSecrets, redactText } from "../telemetry/redaction.ts";
import { config } from "./config.ts";
import { parseJsonc } from "./parse-jsonc.ts";
import { ServiceSettings, type SettingsSources, variableName } from "./service-settings.ts";
import { settingFromText } from "./setting-text.ts";
import { wireValue } from "./wire-value.ts";

const property = (name: string, schema: Schema, more: object = {}) => ({ name, schema, optional: false, ...more });

const schema: Schema = {
  kind: "object",
  properties: [
    property("timeoutMs", { kind: "number" }),
    property("apiURL", { kind: "string" }),
    property("flags", { kind: "ref", name: "Flags" }),
    property("token", { kind: "string" }, { sensitive: true }),
  ],
};
const schemas = {
  Flags: { kind: "object", properties: [property("beta", { kind: "boolean" })] },
} as const satisfies Record<string, Schema>;

/** Checks the fields that the tests are about, as generated code would. */
const codec: Codec = {
  decode(wire, issues: Issue[]) {
    const value = wire as { timeoutMs?: unknown; apiURL?: unknown; flags?: { beta?: unknown }; token?: unknown };
    const expect = (path: string, field: unknown, type: string) => {
      if (field === undefined) issues.push({ path, code: "required", message: "is required" });
      else if (typeof field !== type) issues.push({ path, code: "invalid_type", message: `must be a ${type}` });
    };
    expect("timeoutMs", value.timeoutMs, "number");
    expect("apiURL", value.apiURL, "string");
    expect("flags.beta", value.flags?.beta, "boolean");
    expect("token", value.token, "string");
    return structuredClone(wire);
  },
  encode: (value) => value,
  copy: (value) => structuredClone(value),
};

function settingsOf(sources: Partial<SettingsSources> = {}): ServiceSettings {
  return new ServiceSettings(
    { service: "user-mail", schema, schemas, codec },
    { files: [], environment: {}, ...sources },
  );
}

test("defaults, then files in order, then the environment, each over the one before, field by field", async () => {
  const settings = settingsOf({
    files: [
      { path: "config.json", text: '{ "timeoutMs": 1, "apiURL": "file", "token": "file-token" } // mine' },
      { path: "config.local.json", text: '{ "apiURL": "local", }' },
    ],
    environment: { TENON_CONFIG_USER_MAIL_FLAGS_BETA: "true", TENON_CONFIG_USER_MAIL_TIMEOUT_MS: "25" },
  });
  const value = await whileLoading({ name: "user-mail", settings }, async () =>
    config({ defaults: { timeoutMs: 9, flags: { beta: false }, apiURL: "code", token: "" } }),
  );
  assert.deepEqual(value, { timeoutMs: 25, apiURL: "local", flags: { beta: true }, token: "file-token" });
  assert.deepEqual(settings.problems, []);
  assert.throws(() => {
    (value as { timeoutMs: number }).timeoutMs = 1;
  }, TypeError);
});

test("the values of sensitive settings are hidden from then on", () => {
  hideSecrets({});
  settingsOf().resolve({ timeoutMs: 1, apiURL: "a", flags: { beta: true }, token: "t0p-secret" });
  assert.equal(redactText("x t0p-secret y"), "x [secret user-mail token] y");
  hideSecrets({});
});

test("everything that is wrong is told with its place", () => {
  const settings = settingsOf({
    files: [
      { path: "mail/config.json", text: '{ "apiURL": 5, "timeuotMs": 1, "flags": { "gamma": 1 }, "$schema": "x" }' },
      { path: "mail/config.local.json", text: "{ nope" },
      { path: "mail/config.eu.json", text: "[]" },
    ],
    environment: { TENON_CONFIG_USER_MAIL_FLAGS_BETA: "maybe" },
  });
  settings.resolve(undefined);
  const expected = [
    "user-mail: there is no setting timeuotMs (set in mail/config.json)",
    "user-mail: there is no setting flags.gamma (set in mail/config.json)",
    /^user-mail: mail\/config\.local\.json: .*JSON/,
    "user-mail: mail/config.eu.json: it must be an object",
    "user-mail: timeoutMs is required (set it in config.json in the folder of the service or TENON_CONFIG_USER_MAIL_TIMEOUT_MS)",
    "user-mail: apiURL must be a string (set in mail/config.json)",
    "user-mail: flags.beta must be a boolean (set in TENON_CONFIG_USER_MAIL_FLAGS_BETA)",
    "user-mail: token is required (set it in config.json in the folder of the service or TENON_CONFIG_USER_MAIL_TOKEN)",
  ];
  assert.equal(settings.problems.length, expected.length, settings.problems.join("\n"));
  for (const [i, problem] of settings.problems.entries()) {
    const wanted = expected[i]!;
    if (typeof wanted === "string") assert.equal(problem, wanted);
    else assert.match(problem, wanted);
  }
});

test("outside of a service there are the defaults alone", () => {
  assert.deepEqual({ ...config<{ a: number; b?: string }>({ defaults: { a: 1 } }) }, { a: 1 });
});

test("names of variables", () => {
  assert.equal(variableName("user-mail", ["apiURL"]), "TENON_CONFIG_USER_MAIL_API_URL");
  assert.equal(variableName("users", ["HTTPServer", "maxAgeMs"]), "TENON_CONFIG_USERS_HTTP_SERVER_MAX_AGE_MS");
});

test("texts become what their type wants, and stay texts where they do not fit", () => {
  const read = (text: string, type: Schema) => settingFromText(text, type, {});
  const numbers: Schema = { kind: "array", items: { kind: "number" } };
  assert.equal(read("1.5", { kind: "number" }), 1.5);
  assert.equal(read(" ", { kind: "number" }), " ");
  assert.equal(read("soon", { kind: "number" }), "soon");
  assert.deepEqual(
    ["true", "0", "yes"].map((text) => read(text, { kind: "boolean" })),
    [true, false, "yes"],
  );
  assert.deepEqual(read("1, 2,3", numbers), [1, 2, 3]);
  assert.deepEqual(read("[1]", numbers), [1]);
  assert.deepEqual(read("", numbers), []);
  assert.deepEqual(read('{"a":1}', { kind: "any" }), { a: 1 });
  assert.equal(read("2", { kind: "enum", values: ["a", 2] }), 2);
  assert.equal(read("5", { kind: "union", options: [{ kind: "null" }, { kind: "number" }] }), 5);
  assert.equal(read("null", { kind: "union", options: [{ kind: "null" }, { kind: "number" }] }), null);
  assert.equal(read("007", { kind: "string" }), "007");
});

test("defaults of any type meet files in the form of JSON", () => {
  const value = {
    at: new Date(0),
    big: 5n,
    bytes: new Uint8Array([1, 2]),
    set: new Set(["a"]),
    map: new Map([["k", 1n]]),
    url: new URL("http://x/"),
  };
  const wire = {
    at: "1970-01-01T00:00:00.000Z",
    big: "5",
    bytes: "AQI=",
    set: ["a"],
    map: { k: "1" },
    url: "http://x/",
  };
  assert.deepEqual(wireValue(value), wire);
});

test("JSON with comments: strings stay as they are, places are those of the file", () => {
  assert.deepEqual(parseJsonc('\uFEFF{ "a": "// no /* comment */ ,]", /* b\n */ "b": [1, 2, ], // end\n}'), {
    a: "// no /* comment */ ,]",
    b: [1, 2],
  });
  assert.throws(() => parseJsonc("{,}"), SyntaxError);
});
