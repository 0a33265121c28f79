// The settings of one service while its modules load: what files and the environment say, put over the defaults of the code and checked
// against the type. What is wrong is collected, so that all of it can be told at once.
import { type Codec, type Issue, type ObjectSchema, resolveSchema, type Schema, type Schemas } from "@tenon/model";
import { hideValue } from "../telemetry/redaction.ts";
import { parseJsonc } from "./parse-jsonc.ts";
import { settingFromText } from "./setting-text.ts";
import { wireValue } from "./wire-value.ts";

export interface SettingsSources {
  /** The weaker first. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

type Json = Record<string, unknown>;

export class ServiceSettings {
  /** One line each. */
  readonly problems: string[] = [];
  private readonly service: string;
  private readonly schema: Schema;
  private readonly schemas: Schemas;
  private readonly codec: Codec;
  /** Over the defaults, from the files and the environment. */
  private readonly given: Json = {};
  /** "flags.beta" -> where it was set. */
  private readonly origins = new Map<string, string>();

  constructor(
    about: { readonly service: string; readonly schema: Schema; readonly schemas: Schemas; readonly codec: Codec },
    sources: SettingsSources,
  ) {
    this.service = about.service;
    this.schema = about.schema;
    this.schemas = about.schemas;
    this.codec = about.codec;
    for (const file of sources.files) this.readFile(file);
    this.readEnvironment(this.objectOf(about.schema), [], sources.environment);
  }

  /** The settings over these defaults. With problems, what there is; nobody shall get to use it. */
  resolve(defaults: unknown): unknown {
    const merged = merge(wireValue(defaults ?? {}), this.given);
    const issues: Issue[] = [];
    const value = this.codec.decode(merged, issues);
    for (const issue of issues) this.problems.push(this.describe(issue));
    if (issues.length > 0) return merged;
    this.hide(this.schema, merged);
    return value;
  }

  private describe({ path, message }: Issue): string {
    const origin = this.originOf(path);
    const where = origin === undefined ? `set it in ${this.placesFor(path)}` : `set in ${origin}`;
    return `${this.service}: ${path === "" ? "config" : path} ${message} (${where})`;
  }

  /** Of the nearest thing around the place that was set by itself. */
  private originOf(path: string): string | undefined {
    for (let way = path; way !== ""; way = way.replace(/(?:^|\.)[^.[]+$|\[[^[]*\]$/, "")) {
      const origin = this.origins.get(way);
      if (origin !== undefined) return origin;
      if (!/[.[]/.test(way)) return undefined;
    }
    return undefined;
  }

  private placesFor(path: string): string {
    return `config.json in the folder of the service or ${variableName(this.service, path.split("."))}`;
  }

  private readFile({ path, text }: { readonly path: string; readonly text: string }): void {
    try {
      const content = parseJsonc(text);
      if (!isObject(content)) throw new SyntaxError("it must be an object");
      this.take(this.given, content, this.objectOf(this.schema), [], path);
    } catch (error) {
      this.problems.push(`${this.service}: ${path}: ${(error as Error).message}`);
    }
  }

  /** Copies what a file says; a name that the type does not have is most often a misspelt one. */
  private take(target: Json, content: Json, schema: ObjectSchema | null, way: readonly string[], file: string): void {
    for (const [name, value] of Object.entries(content)) {
      // A reference to the file's JSON Schema, for the editor.
      if (name === "$schema" && way.length === 0) continue;
      const here = [...way, name];
      const property = schema?.properties.find((candidate) => candidate.name === name);
      if (schema !== null && property === undefined && schema.index === undefined) {
        this.problems.push(`${this.service}: there is no setting ${here.join(".")} (set in ${file})`);
        continue;
      }
      const inner = property === undefined ? null : this.objectOf(property.schema);
      if (isObject(value) && inner !== null) {
        const below = isObject(target[name]) ? target[name] : {};
        target[name] = below;
        this.take(below, value, inner, here, file);
      } else {
        target[name] = value;
        this.origins.set(here.join("."), file);
      }
    }
  }

  private readEnvironment(
    schema: ObjectSchema | null,
    way: readonly string[],
    environment: SettingsSources["environment"],
  ): void {
    for (const { name, schema: type } of schema?.properties ?? []) {
      const here = [...way, name];
      const variable = variableName(this.service, here);
      const text = environment[variable];
      if (text !== undefined) {
        put(this.given, here, settingFromText(text, type, this.schemas));
        this.origins.set(here.join("."), variable);
      }
      this.readEnvironment(this.objectOf(type), here, environment);
    }
  }

  /** null: it is no object with named fields. A field that may be null or left out counts as what it else is. */
  private objectOf(schema: Schema): ObjectSchema | null {
    const resolved = resolveSchema(schema, this.schemas);
    if (resolved.kind === "object") return resolved;
    if (resolved.kind !== "union") return null;
    const options = resolved.options.filter(({ kind }) => kind !== "null" && kind !== "undefined");
    return options.length === 1 ? this.objectOf(options[0]!) : null;
  }

  /** From now on the values of sensitive settings are hidden as those of secrets are. */
  private hide(schema: Schema, value: unknown): void {
    if (!isObject(value)) return;
    for (const property of this.objectOf(schema)?.properties ?? []) {
      const field = value[property.name];
      if (property.sensitive === true && typeof field === "string")
        hideValue(`${this.service} ${property.name}`, field);
      this.hide(property.schema, field);
    }
  }
}

/** `TENON_CONFIG_USERS_FLAGS_BETA` for flags.beta of users. */
export function variableName(service: string, path: readonly string[]): string {
  return ["TENON_CONFIG", ...[service, ...path].map(screamingSnake)].join("_");
}

/** "timeoutMs" -> "TIMEOUT_MS", "apiURL" -> "API_URL". */
function screamingSnake(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .replace(/\W+/g, "_")
    .toUpperCase();
}

function merge(base: unknown, over: unknown): unknown {
  if (!isObject(base) || !isObject(over)) return over === undefined ? base : over;
  const merged: Json = { ...base };
  for (const [name, value] of Object.entries(over)) merged[name] = merge(merged[name], value);
  return merged;
}

function put(target: Json, [name = "", ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  const below = isObject(target[name]) ? target[name] : {};
  target[name] = below;
  put(below, rest, value);
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
