// The decoder and the emitted JSON Schema, as ajv reads it, agree on every value: 10,000 per construct. Where they differ, the reason
// has a name here.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Issue, toJsonSchema } from "@tenon/model";
import { Ajv2020 } from "ajv/dist/2020.js";
import { codecsOf, run } from "./codecs.test.support.ts";
import { constructs } from "./constructs.test.support.ts";
import { anyValue, randomFrom } from "./values.test.support.ts";

const valuesPerConstruct = 10_000;

/** The formats by another road than the decoder's. */
const formats = {
  "date-time": isDateTime,
  uri: (text: string) => URL.canParse(text),
  byte: isBase64,
  decimal: (text: string) => text.length <= 4096 && !Number.isNaN(Number(text)),
  email: isEmail,
  uuid: (text: string) => text.length === 36 && isUuid(text),
  ipv4: (text: string) =>
    /^(\d+\.){3}\d+$/.test(text) && text.split(".").every((part) => String(Math.min(255, Number(part))) === part),
  ipv6: (text: string) => URL.canParse(`http://[${text}]/`),
  hostname: isHostname,
  date: (text: string) => text.length === 10 && isDateTime(`${text}T00:00:00Z`),
  bigint: (text: string) => text.length <= 4096 && String(BigInt(text)) === text,
};

function isDateTime(text: string): boolean {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.exec(text);
  if (parts === null) return false;
  const local = new Date(0);
  local.setUTCFullYear(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]));
  local.setUTCHours(Number(parts[4]), Number(parts[5]), Number(parts[6]));
  const [hours, minutes] = parts[8]!.toUpperCase() === "Z" ? [0, 0] : parts[8]!.slice(1).split(":").map(Number);
  if (local.toISOString().slice(0, 19) !== text.slice(0, 19).toUpperCase() || hours! > 23 || minutes! > 59)
    return false;
  return /^\d{4}-/.test(new Date(text.toUpperCase()).toISOString());
}

function isHostname(text: string): boolean {
  const labels = text.split(".");
  return labels.every((label) => /^[a-z\d-]{1,63}$/i.test(label) && !label.startsWith("-") && !label.endsWith("-"));
}

function isEmail(text: string): boolean {
  const [local = "", host = "", ...more] = text.split("@");
  return more.length === 0 && local !== "" && !/[\s"(),:;<>@[\\\]]|[^ -~]/.test(local) && isHostname(host);
}

function isUuid(text: string): boolean {
  const parts = text.split("-");
  return parts.map((part) => part.length).join() === "8,4,4,4,12" && /^[\da-f]+$/i.test(parts.join(""));
}

/** Re-encoding gives the text again, but for the alphabet, the padding and the unused bits of the last digit. */
function isBase64(text: string): boolean {
  const padded = text
    .replaceAll("-", "+")
    .replaceAll("_", "/")
    .padEnd(Math.ceil(text.length / 4) * 4, "=");
  if (text.includes("=") && text !== text.padEnd(Math.ceil(text.length / 4) * 4, "=")) return false;
  const again = Buffer.from(padded, "base64").toString("base64");
  const body = padded.replace(/={0,2}$/, "");
  return (
    again.length === padded.length &&
    again.slice(0, body.length - 1) === body.slice(0, -1) &&
    !/=/.test(body) &&
    /^[\w+/]*$/.test(body)
  );
}

type Validate = (value: unknown) => boolean;

/** Differences that are meant, by name: whether this is one. */
const explanations: Readonly<
  Record<string, (value: unknown, accepted: boolean, issues: readonly Issue[], validate: Validate) => boolean>
> = {
  "a JSON integer stands for a bigint": (value, accepted, _issues, validate) =>
    accepted &&
    validate(
      JSON.parse(JSON.stringify(value, (_key, item: unknown) => (Number.isSafeInteger(item) ? String(item) : item))),
    ),
  "a JSON number stands for a decimal": (value, accepted, _issues, validate) =>
    accepted &&
    validate(JSON.parse(JSON.stringify(value, (_key, item: unknown) => (typeof item === "number" ? "0" : item)))),
  "JSON Schema cannot forbid two entries with the same key": (_value, accepted, issues) =>
    !accepted && issues.some((issue) => issue.code === "duplicate_key"),
  "ajv does not look into a property called __proto__": (_value, accepted, issues) =>
    !accepted && issues.every((issue) => issue.path.startsWith("__proto__")),
  "ajv does not find __proto__ twice among unique items": (value, accepted, issues) =>
    !accepted && JSON.stringify(value).includes("__proto__") && issues.every((issue) => issue.code === "duplicate_key"),
};

const explanationsOf: Readonly<Record<string, readonly string[]>> = {
  bigint: ["a JSON integer stands for a bigint"],
  decimal: ["a JSON number stands for a decimal"],
  "union of strings with rules": ["a JSON integer stands for a bigint"],
  "union decimal or text": ["a JSON integer stands for a bigint"],
  "set under rules": ["ajv does not find __proto__ twice among unique items"],
  "map of pairs under rules": ["JSON Schema cannot forbid two entries with the same key"],
  "object with hostile names": ["ajv does not look into a property called __proto__"],
  "set of strings": ["ajv does not find __proto__ twice among unique items"],
  "map by number": ["JSON Schema cannot forbid two entries with the same key"],
  "map by date": ["a JSON integer stands for a bigint"],
  "union of text forms": ["a JSON integer stands for a bigint"],
  "union bigint or string": ["a JSON integer stands for a bigint"],
  "union of everything": ["JSON Schema cannot forbid two entries with the same key"],
  "mutual recursion": ["a JSON integer stands for a bigint"],
};

const names = Object.keys(constructs);
const codecs = await codecsOf(Object.values(constructs));

for (const [index, name] of names.entries()) {
  test(`decoder and JSON Schema agree: ${name}`, () => {
    const { schema, schemas } = constructs[name]!;
    // "tuple with suffix": JSON Schema only knows what may stand behind the fixed items, not in which place.
    const oneWay = name === "tuple with suffix";
    const ajv = new Ajv2020({ strict: false, strictNumbers: true, ownProperties: true, formats, logger: false });
    const validate = ajv.compile(toJsonSchema(schema, schemas)) as Validate;
    const used = new Set<string>();
    let accepted = 0;
    for (let seed = 1; seed <= valuesPerConstruct; seed++) {
      const value = anyValue(schema, { random: randomFrom(seed), schemas, wire: true });
      if (value === undefined) continue;
      const { issues } = run(codecs[index]!.decode, value);
      const decodes = issues.length === 0;
      if (decodes) accepted++;
      if (decodes === validate(value) || (oneWay && !decodes)) continue;
      const reason = (explanationsOf[name] ?? []).find((key) => explanations[key]!(value, decodes, issues, validate));
      if (reason !== undefined) used.add(reason);
      else
        assert.fail(
          `seed ${seed}: decoder ${decodes ? "accepts" : `refuses (${JSON.stringify(issues)})`} ${JSON.stringify(value)}`,
        );
    }
    assert.ok(accepted > 500, `only ${accepted} valid values`);
    assert.deepStrictEqual(
      [...used].sort(),
      [...(explanationsOf[name] ?? [])].sort(),
      "an explanation that explains nothing",
    );
  });
}
