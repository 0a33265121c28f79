// The settings of a target: from the command line, else tenon.json, else their defaults; everything wrong is told at once.
import { DeployError } from "./deploy-error.ts";
import type { Setting, SettingValue, SettingValues, Target } from "./target.ts";

/** Values of the command line are texts (true for a boolean); keys are names of settings. Throws DeployError `setting_invalid`, `setting_missing`. */
export function readSettings(
  target: Pick<Target, "name" | "settings">,
  fromFile: unknown,
  fromCommandLine: Readonly<Record<string, string | true | undefined>>,
): SettingValues {
  const place = `deploy.${target.name}`;
  const file = fromFile ?? {};
  const problems: string[] = [];
  if (typeof file !== "object" || Array.isArray(file)) problems.push(`${place} of tenon.json must be an object`);
  const given = file as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(given)) {
    if (!Object.hasOwn(target.settings, key)) problems.push(`${place}.${key} is no setting of this target`);
  }
  const values: Record<string, SettingValue | undefined> = {};
  for (const [name, setting] of Object.entries(target.settings)) {
    const text = fromCommandLine[name];
    const at = text === undefined ? `${place}.${name}` : `--${optionName(name)}`;
    const value = text === undefined ? (given[name] as SettingValue | undefined) : parse(text, setting);
    values[name] = value ?? setting.default;
    if (value === undefined) continue;
    const problem = isOfType(value, setting) ? setting.check?.(value) : `must be ${typeWord[setting.type]}`;
    if (problem !== undefined) problems.push(`${at} ${problem}, got ${JSON.stringify(text ?? value)}`);
  }
  if (problems.length > 0) {
    const known = Object.keys(target.settings).join(", ");
    throw new DeployError("setting_invalid", problems.join("\n"), `Settings of ${target.name}: ${known}.`);
  }
  const missing = Object.keys(target.settings).filter(
    (name) => target.settings[name]!.isRequired === true && values[name] === undefined,
  );
  if (missing.length === 0) return values;
  const lines = missing.map((name) => `--${optionName(name)}: ${target.settings[name]!.summary}`);
  throw new DeployError(
    "setting_missing",
    `${target.name} needs to know\n${lines.join("\n")}`,
    `Give them on the command line, or in tenon.json: {"deploy": {"${target.name}": {"${missing[0]}": ...}}}.`,
  );
}

/** "imagePrefix" -> "image-prefix". */
export function optionName(setting: string): string {
  return setting.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

const typeWord: Readonly<Record<Setting["type"], string>> = {
  string: "a text",
  number: "a number",
  boolean: "true or false",
  list: "a list of texts",
  object: "an object",
};

function parse(text: string | true, { type }: Setting): SettingValue {
  if (text === true) return true;
  if (type === "number" && text.trim() !== "") return Number(text);
  if (type === "list") return text.split(",").map((item) => item.trim());
  return text;
}

function isOfType(value: unknown, { type }: Setting): boolean {
  if (type === "list") return Array.isArray(value) && value.every((item) => typeof item === "string" && item !== "");
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === type && !Number.isNaN(value);
}
