// The parameters of a path as those of a method.
import type { Endpoint, Property, Schema } from "@tenon/model";
import { reservedWords } from "./reserved-words.ts";

export interface PathParameter {
  readonly name: string;
  /** A name that a variable may have. */
  readonly variable: string;
  /** undefined: text. */
  readonly schema: Schema | undefined;
  /** Several segments. */
  readonly takesRest: boolean;
}

export function parametersOf({ path }: Endpoint, properties: readonly Property[]): PathParameter[] {
  return path.segments.flatMap((segment) => {
    if (segment.kind === "literal") return [];
    const { name, kind } = segment;
    const schema = properties.find((property) => property.name === name)?.schema;
    return [{ name, variable: variableName(name), schema, takesRest: kind !== "param" }];
  });
}

/** What the methods call their own. */
const ownVariables = new Set(["params", "options", "method", "body", "init", "request"]);

function variableName(name: string): string {
  return reservedWords.has(name) || ownVariables.has(name) ? `${name}_` : name;
}
