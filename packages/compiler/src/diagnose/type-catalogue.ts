// The part of the catalogue that is about types which cannot cross a wire.
import type { CatalogueEntry } from "./catalogue-entry.ts";

export const typeCatalogue = {
  TN1201: {
    severity: "error",
    message: "{path} is a function: functions cannot cross a service boundary",
    hint: "Leave it out, or send the data that the function works on.",
  },
  TN1202: {
    severity: "error",
    message: "{path} is a symbol: symbols cannot cross a service boundary",
    hint: "Use a string.",
  },
  TN1203: {
    severity: "error",
    message: "{path} depends on the type parameter {detail}, which nothing decides here",
    hint: "Write a concrete type in its place.",
  },
  TN1204: {
    severity: "error",
    message: "{path} is a promise: the data must be there before it is sent",
    hint: "Await it in the handler and use the type it resolves to.",
  },
  TN1205: {
    severity: "error",
    message: "{path} is an instance of class {detail}, which has private state that would be lost on the way",
    hint: "Send an interface with the public fields, and build the class from it on the other side.",
  },
  TN1206: {
    severity: "error",
    message: "{path} is {detail}, which cannot cross a service boundary",
    hint: "Send plain data: string, number, boolean, bigint, Date, Uint8Array, URL, arrays, Map, Set and objects of these.",
  },
  TN1207: {
    severity: "error",
    message: "{path} is `object`, which does not say what is inside",
    hint: "Name the fields, or use Record<string, unknown> for any JSON object, or unknown for any JSON.",
  },
  TN1208: {
    severity: "warning",
    message: "{path} has a type that TypeScript cannot resolve: any JSON is accepted there",
    hint: "See TypeScript's own error at this place; usually an import is missing or misspelt, or a package is not installed.",
  },
  TN1209: {
    severity: "error",
    message: "the handler has type parameters: the request could be anything, so it cannot be validated",
    hint: "Write concrete types, or one endpoint for each.",
  },
  TN1210: {
    severity: "error",
    message: "the request must be an object or nothing; this is {detail}",
    hint: "Wrap it: `async ({ items }: { items: string[] }) => ...`.",
  },
  TN1211: {
    severity: "error",
    message: "the request is a union of objects, and its fields could not be placed",
    hint: "Put the union into a field: `async ({ event }: { event: Created | Deleted }) => ...`.",
  },
  TN1212: {
    severity: "error",
    message: 'the type of endpoint "{name}" cannot be read',
    hint: "See TypeScript's own errors in this file; the handler must be a function that TypeScript accepts.",
  },
  TN1220: {
    severity: "warning",
    message:
      'the response of "{name}" has no written type, and of what it returns {path} cannot be described: it is sent as JSON has it',
    hint: "Write the type: `async (request: Request): Promise<Response> => ...`.",
  },
} as const satisfies Record<string, CatalogueEntry>;
