// How the client says who is asking: the type of its option `auth`, and where the values travel.
import { type Graph, resolveSchema, type Schema } from "@tenon/model";
import { commentLines } from "./comment-lines.ts";
import { literalText } from "./literal-text.ts";
import type { TypePrinter } from "./print-type.ts";
import { placesOf, requestSchema } from "./route-of.ts";

export interface AuthPart {
  /** Declarations of the types and of the constant `authRoute`. */
  readonly lines: readonly string[];
  /** Member of ClientOptions. */
  readonly option: readonly string[];
}

/** Schemas of the handlers' parameters. */
export function authParams(graph: Graph): Schema[] {
  return (graph.authHandlers ?? []).map(
    ({ params, fields }) => requestSchema({ request: params, fields }, graph.schemas) ?? params,
  );
}

/** null: the app asks nobody who they are. */
export function authPart(graph: Graph, printer: TypePrinter): AuthPart | null {
  const handlers = graph.authHandlers ?? [];
  if (handlers.length === 0) return null;
  const types = authParams(graph).map((params) => {
    const object = resolveSchema(params, graph.schemas);
    return object.kind === "object" ? printer.printObject(object, "", "") : printer.print(params, "", "");
  });
  const fields = handlers.flatMap((handler) => handler.fields);
  const bearer = fields.find((field) => field.in === "header" && field.wireName === "authorization");
  const route = { ...placesOf(fields), ...(bearer !== undefined && { bearer: bearer.name }) };
  const token = bearer === undefined ? "" : "string | ";
  const isInterface = types.length === 1 && types[0]!.startsWith("{");
  return {
    lines: [
      ...commentLines("What the app's auth handlers look at.", ""),
      isInterface ? `export interface AuthParams ${types[0]}` : `export type AuthParams = ${types.join(" | ")};`,
      "",
      ...commentLines("Asked before each request; may be async.", ""),
      `export type AuthDataGenerator = () => ${token}AuthParams | undefined | Promise<${token}AuthParams | undefined>;`,
      "",
      `const authRoute: AuthRoute = ${literalText(route, "", 30)};`,
    ],
    option: [
      ...commentLines(
        `Who is asking: fixed, or from a function that is asked before each request.${bearer === undefined ? "" : " A string alone is a bearer token."}`,
        "  ",
      ),
      `  auth?: ${token}AuthParams | AuthDataGenerator;`,
    ],
  };
}
