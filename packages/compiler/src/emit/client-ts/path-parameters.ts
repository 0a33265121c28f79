// The parameters of a path as those of a method.
import type { Endpoint, Property, Schema } from "@tenon/model";

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

/** Words that no variable may be called by in a module, and what the methods call their own. */
const taken = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for " +
    "function if implements import in instanceof interface let new null package private protected public return static super switch " +
    "this throw true try typeof var void while with yield " +
    "params options method body init request"
  ).split(" "),
);

function variableName(name: string): string {
  return taken.has(name) ? `${name}_` : name;
}
