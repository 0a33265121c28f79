// Values of validation libraries in the place of types: whatever speaks Standard Schema (https://standardschema.dev), as zod, valibot
// and arktype do. The codec made from the schema's own types comes first; the schema then has the last word.
import type { Issue } from "@tenon/model";
import { pathSegment } from "../codec/issues.ts";

/** What a library's schema has to offer: version 1 of the specification, as far as it is used here. */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What callers give to a schema. */
export type InputOf<Schema extends StandardSchema> = NonNullable<Schema["~standard"]["types"]>["input"];

/** What a schema makes of it. */
export type OutputOf<Schema extends StandardSchema> = NonNullable<Schema["~standard"]["types"]>["output"];

export interface EndpointSchemas {
  readonly request?: StandardSchema | undefined;
  readonly response?: StandardSchema | undefined;
}

const schemasByHandler = new WeakMap<object, EndpointSchemas>();

/** Keeps the schemas of an endpoint, which is nothing but its handler. */
export function declareSchemas(handler: object, { request, response }: EndpointSchemas): void {
  if (request !== undefined || response !== undefined) schemasByHandler.set(handler, { request, response });
}

export function schemasOf(handler: unknown): EndpointSchemas {
  return (typeof handler === "function" ? schemasByHandler.get(handler) : undefined) ?? {};
}

/** The schema's output for a value; what it says against it is added to `issues`. */
export async function refine(schema: StandardSchema, value: unknown, issues: Issue[]): Promise<unknown> {
  const result = await schema["~standard"].validate(value);
  if (result.issues === undefined) return result.value;
  for (const { path, message } of result.issues) issues.push({ path: pathOf(path), code: "invalid_value", message });
  return undefined;
}

/** As in other issues: `lines[0].quantity`. */
function pathOf(path: StandardIssue["path"]): string {
  return (path ?? []).reduce<string>((text, part) => {
    const key = typeof part === "object" ? part.key : part;
    if (typeof key === "number") return `${text}[${key}]`;
    const segment = pathSegment(String(key));
    return text === "" || segment.startsWith("[") ? text + segment : `${text}.${segment}`;
  }, "");
}
