// Settings of a target: where they come from, and what is said of wrong ones.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readSettings } from "./settings.ts";
import type { Setting } from "./target.ts";

const settings: Record<string, Setting> = {
  host: { type: "string", summary: "where the app is reached", value: "HOST", isRequired: true },
  replicas: {
    type: "number",
    summary: "how many",
    value: "N",
    default: 2,
    check: (value) => (Number.isInteger(value) && Number(value) > 0 ? undefined : "must be a whole number from 1 on"),
  },
  zones: { type: "list", summary: "where", value: "A,B" },
  isPublic: { type: "boolean", summary: "whether", default: false },
};
const target = { name: "test", settings };

describe("readSettings", () => {
  it("takes the command line, else the file, else the default", () => {
    assert.deepEqual(
      readSettings(target, { host: "a", replicas: 3 }, { replicas: "4", zones: "x, y", isPublic: true }),
      {
        host: "a",
        replicas: 4,
        zones: ["x", "y"],
        isPublic: true,
      },
    );
    assert.deepEqual(readSettings(target, undefined, { host: "b" }), {
      host: "b",
      replicas: 2,
      zones: undefined,
      isPublic: false,
    });
  });

  it("tells everything that is wrong at once, each where it stands", () => {
    assert.throws(() => readSettings(target, { host: 1, colour: "red", zones: ["a", ""] }, { replicas: "many" }), {
      code: "setting_invalid",
      message: [
        "deploy.test.colour is no setting of this target",
        "deploy.test.host must be a text, got 1",
        '--replicas must be a number, got "many"',
        'deploy.test.zones must be a list of texts, got ["a",""]',
      ].join("\n"),
    });
    assert.throws(() => readSettings(target, { host: "a", replicas: 0 }, {}), {
      message: "deploy.test.replicas must be a whole number from 1 on, got 0",
    });
  });

  it("asks for what the target can't do without", () => {
    assert.throws(() => readSettings(target, {}, {}), {
      code: "setting_missing",
      message: "test needs to know\n--host: where the app is reached",
    });
  });
});
