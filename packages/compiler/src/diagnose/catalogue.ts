// Every diagnostic of the compiler's front: its stable code, what it says, and what to write instead. `{name}` is filled in.
// docs/reference/diagnostics.md explains each; a test holds the two together.

import type { CatalogueEntry } from "./catalogue-entry.ts";
import { messageCatalogue } from "./message-catalogue.ts";
import { typeCatalogue } from "./type-catalogue.ts";

export const catalogue = {
  TN1001: {
    severity: "error",
    message: "syntax error: {reason}",
    hint: "Correct the syntax; nothing else in this file was read.",
  },
  TN1002: {
    severity: "error",
    message: "{file} declares no service",
    hint: 'Write `export default new Service("name");` with `import { Service } from "tenon/service"`.',
  },
  TN1003: {
    severity: "error",
    message:
      'the service name {name} cannot be used: it must start with a letter and hold only letters, digits, "-" and "_"',
    hint: 'Give it a short lower-case name: `new Service("users")`.',
  },
  TN1004: {
    severity: "error",
    message: 'two services are called "{name}": {first} and {second}',
    hint: "Rename one of them: a service's name is its address.",
  },
  TN1005: {
    severity: "error",
    message: "`new Service` outside of a service's marker file",
    hint: "Move it to a file tenon.service.ts in the service's folder, as the default export.",
  },
  TN1006: {
    severity: "error",
    message: 'the services "{first}" and "{second}" would both be `{client}` in `~tenon/clients`',
    hint: "Rename one of them: in clients, a dash and the letter after it become a capital letter.",
  },
  TN1010: {
    severity: "error",
    message: 'the endpoint "{name}" is not exported',
    hint: "Write `export const {name} = api(...)`.",
  },
  TN1011: {
    severity: "error",
    message: "this endpoint has no name: `api(...)` must be the value of a top-level constant",
    hint: "Write `export const list = api(...)` at the top level of the file, or a member of an exported object; a function that makes endpoints must be called for an export.",
  },
  TN1012: {
    severity: "error",
    message: 'the service "{service}" has two endpoints called "{name}": the other one is in {other}',
    hint: "Rename one of them: clients call endpoints by name.",
  },
  TN1013: { severity: "error", message: 'unknown option "{option}"', hint: "Known options: {known}." },
  TN1014: {
    severity: "error",
    message: "the value of {option} is not known at compile time",
    hint: "Use a literal, or something whose type is one: a constant, or an object or array written with `as const`.",
  },
  TN1015: { severity: "error", message: "{option} must be {expected}", hint: "Change the value; it is {actual}." },
  TN1016: {
    severity: "error",
    message: 'the path "{path}" cannot be used: {reason}',
    hint: 'Write paths like "/users/:id", "/files/*path" or "/!rest".',
  },
  TN1017: {
    severity: "error",
    message: "{method} {path} leads to two endpoints: {endpoint} and {other} ({otherPlace})",
    hint: "Change the path or the method of one of them.",
  },
  TN1018: {
    severity: "error",
    message: 'the path parameter ":{parameter}" has no field in the request type',
    hint: "Add `{parameter}: string` to the type of the handler's parameter.",
  },
  TN1019: {
    severity: "error",
    message: 'the path parameter ":{parameter}" cannot have this type ({actual})',
    hint: "Use string, number, boolean, bigint, Date, an enum or literals, without null or undefined.",
  },
  TN1020: {
    severity: "error",
    message: 'the query field "{field}" cannot have this type ({actual})',
    hint: "Query fields are scalars or arrays of them. Use method POST, PUT or PATCH to take it from the body, or split it into several fields.",
  },
  TN1021: {
    severity: "error",
    message: 'the header field "{field}" cannot have this type ({actual})',
    hint: "Headers are string, number, boolean, bigint, Date, an enum or literals.",
  },
  TN1022: {
    severity: "error",
    message: "`api` needs options and a handler",
    hint: "Write `api({ ... }, async (request: Request) => { ... })`.",
  },
  TN1023: {
    severity: "error",
    message: 'the header name "{name}" of field "{field}" cannot be used',
    hint: "A header name holds letters, digits and dashes, and no two fields share one.",
  },
  TN1024: {
    severity: "error",
    message: "the request of a {method} endpoint has an index signature, and its fields come from the query",
    hint: "Name the fields, or use method POST, PUT or PATCH.",
  },
  TN1030: {
    severity: "error",
    message: "a database needs a name: letters, digits, - and _, starting with a letter or _, at most 63",
    hint: 'Write `new SQLDatabase("users", { migrations: "./migrations" })`.',
  },
  TN1031: {
    severity: "error",
    message: 'two databases are called "{name}": the other one is in {other}',
    hint: 'Rename one, or refer to the one declaration with `SQLDatabase.named("{name}")`.',
  },
  TN1032: {
    severity: "error",
    message: 'no database "{name}" is declared',
    hint: 'Declare it in the service that owns it: `new SQLDatabase("{name}", { migrations: "./migrations" })`.',
  },
  TN1033: {
    severity: "warning",
    message: 'service "{service}" imports the database "{name}" of service "{owner}"',
    hint: 'Call an endpoint of {owner} through `~tenon/clients`, or say that it is shared: `SQLDatabase.named("{name}")`.',
  },
  TN1034: {
    severity: "warning",
    message: 'the database "{name}" is declared outside of any service, and none uses it',
    hint: "Import it where it is needed, move it into the folder of a service, or remove it.",
  },
  TN1035: {
    severity: "error",
    message: 'the migrations of database "{name}" must be the path of a folder, relative to this file',
    hint: 'Write `{ migrations: "./migrations" }`, or `{ migrations: { path: "./migrations", source: "drizzle" } }`; sources are prisma, drizzle and drizzle/v1.',
  },
  TN1040: {
    severity: "error",
    message: "a secret needs a name: letters, digits and _, starting with a letter or _",
    hint: 'Write `const apiKey = secret("ApiKey");`.',
  },
  TN1051: {
    severity: "error",
    message: 'there is no endpoint "{endpoint}" in service "{service}"',
    hint: "It has: {known}.",
  },
  TN1052: {
    severity: "error",
    message: 'there is no service "{service}" to call',
    hint: "The app has: {known}.",
  },
  TN1060: {
    severity: "error",
    message: "the rule at {path} cannot hold: {detail}",
    hint: "Bounds are for number, bigint and Decimal; lengths for string, arrays, Set and Map; the others for string.",
  },
  TN1061: {
    severity: "error",
    message: "{path} is only a rule, without the type it is about",
    hint: "Write the type in front: `string & IsEmail`.",
  },
  TN1062: {
    severity: "error",
    message: "the rule at {path} cannot be used: {detail}",
    hint: "Write the argument in place, as a literal: `number & Min<3>`.",
  },
  TN1063: {
    severity: "error",
    message: "no value can fulfil the rules at {path}: {detail}",
    hint: "Change one of the bounds.",
  },
  TN1064: {
    severity: "error",
    message: "the regular expression at {path} cannot be read: {detail}",
    hint: "Write it as JavaScript has it, without slashes; in a string type a backslash is written twice.",
  },
  TN1065: {
    severity: "warning",
    message: "a tag in the doc comment of {path} is passed over: {detail}",
    hint: "Correct it, or put the sentence in other words if it is only meant for people.",
  },
  TN1066: {
    severity: "error",
    message: "the default {detail} of {path} is not a value of its type",
    hint: "Write it as JSON has it: a Date, bigint or Decimal as a string.",
  },
  TN1067: {
    severity: "error",
    message: 'the response has two fields that set the HTTP status: "{field}" and "{other}"',
    hint: "Keep one of them as HttpStatus and make the other a number.",
  },
  TN1068: {
    severity: "error",
    message: 'the cookie name "{name}" of field "{field}" cannot be used',
    hint: "A cookie name holds letters, digits and ! # $ % & ' * + - . ^ _ ` | ~, and no two fields share one.",
  },
  TN1069: {
    severity: "error",
    message: 'the cookie field "{field}" cannot have this type ({actual})',
    hint: "Cookies are `Cookie<string>`, and in its place number, boolean, bigint, Date, an enum or literals.",
  },
  TN1100: {
    severity: "error",
    message: "the folder {folder} is not there",
    hint: "Create it, or build what is to be served before the app starts; `dir` is relative to the file it stands in.",
  },
  TN1101: {
    severity: "error",
    message: "{option} must be the path of {what} inside the app, relative to this file",
    hint: 'Write it as text, for example `dir: "./public"`.',
  },
  TN1102: {
    severity: "error",
    message: "the file {file} is not there",
    hint: "Create it, or leave `notFound` out for a JSON error; the path is relative to the file it stands in.",
  },
  TN1103: {
    severity: "error",
    message: 'the path "{path}" of a folder of files may only have a `*name` or `!name` at its end',
    hint: 'Write "/files/*path" for the files below a path, "/!path" for all that no other endpoint answers.',
  },
  TN1120: {
    severity: "error",
    message: 'nothing is known of {what}: "{name}" needs a type for it',
    hint: "Name it as a type argument, as in `api.streamOut<Message>(...)`, or yield a value.",
  },
  TN1140: {
    severity: "error",
    message: "this is no auth handler",
    hint: 'Write `const auth = authHandler<Params, AuthData>(async (params) => ...)` with `import { authHandler } from "tenon/auth"`, and name it here.',
  },
  TN1141: {
    severity: "error",
    message: 'two gateways are called "{name}": the other one is in {other}',
    hint: 'Give one of them another name: `new Gateway({ name: "admin", ... })`.',
  },
  TN1142: {
    severity: "error",
    message: "the auth handler takes nothing of a request, so it could never know who is asking",
    hint: 'Give its parameter fields: `async (params: { authorization: Header<"Authorization"> }) => ...`.',
  },
  TN1143: {
    severity: "error",
    message: 'the parameter "{field}" of the auth handler is in no header, cookie or query parameter',
    hint: 'Say where it is: Header<"Authorization">, Cookie<"session"> or Query<"token">. The body belongs to the endpoint.',
  },
  TN1144: {
    severity: "error",
    message: "the auth handler must give an object, or null for a caller it does not know",
    hint: "Return `{ userID: user.id }` with whatever else endpoints want to know of the caller.",
  },
  TN1145: {
    severity: "error",
    message: "the options of a gateway must be written in place",
    hint: "Write `new Gateway({ authHandler: auth })`.",
  },
  TN1147: {
    severity: "warning",
    message: 'the auth handler "{name}" stands at no gateway, so it never runs',
    hint: "Write `export const gateway = new Gateway({ authHandler: ... })`.",
  },
  TN1148: {
    severity: "error",
    message: "tenon.app.ts declares no app",
    hint: 'Write `export default new App({ middlewares: [...] });` with `import { App } from "tenon"`.',
  },
  TN1149: {
    severity: "warning",
    message:
      'the endpoint "{endpoint}" demands authentication, and no gateway has an auth handler: nobody from outside can call it',
    hint: "Declare one with `authHandler` and give it to a `new Gateway({ authHandler: ... })`.",
  },
  TN1150: {
    severity: "warning",
    message:
      'every web page may make requests with the cookies of whoever reads it: "*" among the origins with credentials',
    hint: 'Name the origins of your own pages: "https://app.example.com", "https://*.example.com".',
  },
  TN1151: { severity: "error", message: 'unknown CORS setting "{setting}"', hint: "Known settings: {known}." },
  TN1152: {
    severity: "error",
    message: 'the CORS setting "{setting}" must be {expected}',
    hint: "docs/reference/cors.md describes each.",
  },
  TN1153: {
    severity: "warning",
    message: '"{origin}" is no origin, so it never matches',
    hint: 'An origin is scheme, host and port: "https://app.example.com", "http://localhost:3000"; no path, no slash at the end.',
  },
  TN1170: {
    severity: "error",
    message: "a metric needs a name: letters, digits and _, not starting with a digit, known at compile time",
    hint: 'Write it as a text: new Counter("orders_placed").',
  },
  TN1171: {
    severity: "error",
    message: 'two metrics are called "{name}": the other one is in {other}',
    hint: "Rename one of them, or declare it once and import it where it is used.",
  },
  TN1172: {
    severity: "error",
    message: "the labels of a metric must be an object type with the name of each label",
    hint: 'Write them as a type argument: new CounterGroup<{ country: string }>("orders_placed").',
  },
  TN1173: {
    severity: "error",
    message: '"{label}" can\'t be the name of a label',
    hint: "Use letters, digits and _, not starting with a digit or __; le is taken by the buckets of histograms.",
  },
  TN1174: {
    severity: "error",
    message: "the type of config must be an object type with at least one field",
    hint: "Name the fields: config<{ timeoutMs: number }>().",
  },
  TN1175: {
    severity: "error",
    message: 'the service "{service}" has two configs: the other one is in {other}',
    hint: "Put both into one type; nested objects keep its parts apart.",
  },
  TN1190: {
    severity: "error",
    message: 'a {what} needs a name known at compile time: letters, digits, "-" and "_", starting with a letter',
    hint: 'Write `new CronJob("cleanup", { every: "1h", endpoint: cleanup })`.',
  },
  TN1191: {
    severity: "error",
    message: 'two cron jobs are called "{name}": the other one is in {other}',
    hint: "Rename one of them.",
  },
  TN1192: {
    severity: "error",
    message: "the endpoint of this cron job is not known",
    hint: "Give the constant that `api(...)` is bound to, imported or not: `endpoint: cleanup`.",
  },
  TN1193: {
    severity: "error",
    message: "a cron job cannot call {endpoint}: it takes a request or is no typed endpoint",
    hint: "Call an endpoint that takes nothing: `api({}, async () => { ... })`.",
  },
  TN1194: {
    severity: "error",
    message: "the option {option} of a cron job must be {expected}",
    hint: "Correct the value.",
  },
  TN1195: {
    severity: "error",
    message: "a cron job needs either `every` or `schedule`",
    hint: 'Write `every: "2h"` or `schedule: "0 4 * * *"`, not both.',
  },
  TN1196: {
    severity: "error",
    message: "`every` must divide a day evenly",
    hint: "The nearest that do are {nearest}; `schedule` can say anything else.",
  },
  TN1197: {
    severity: "error",
    message: 'the schedule "{expression}" in the time zone "{timeZone}" cannot be used: {reason}',
    hint: 'Write five fields (minute, hour, day of month, month, day of week) such as "0 4 * * mon-fri", and an IANA time zone such as "Europe/Berlin".',
  },
  TN1154: {
    severity: "error",
    message: "the errors of an endpoint must be a list, written in place, of classes made with `APIError.define`",
    hint: 'Write `class OutOfStock extends APIError.define("failed_precondition", "out_of_stock")<{ left: number }> {}` and `errors: [OutOfStock]`.',
  },
  TN1155: {
    severity: "error",
    message: 'the gateways "{name}" and "{other}" both answer for every host',
    hint: 'Say which hosts one of them is for: `hosts: ["admin.example.com", "admin.localhost"]`.',
  },
  ...typeCatalogue,
  TN1300: {
    severity: "error",
    message: 'a {what} needs a name known at compile time: letters, digits, "-", "_" and ".", starting with a letter',
    hint: 'Write `new Bucket("avatars")`.',
  },
  TN1301: {
    severity: "error",
    message: 'two buckets are called "{name}": the other one is in {other}',
    hint: 'Rename one of them, import the other where this one is used, or write `Bucket.named("{name}")`.',
  },
  TN1302: {
    severity: "error",
    message: 'no bucket is called "{name}"',
    hint: 'Declare it with `new Bucket("{name}")`.',
  },
  TN1303: {
    severity: "error",
    message: "the option {option} of a bucket must be true or false",
    hint: "Correct the value.",
  },
  TN1304: {
    severity: "error",
    message: 'a {what} needs a name known at compile time: letters, digits, "-", "_" and ".", starting with a letter',
    hint: 'Write `new CacheCluster("main")`.',
  },
  TN1305: {
    severity: "error",
    message: 'two cache clusters are called "{name}": the other one is in {other}',
    hint: 'Rename one of them, import the other where this one is used, or write `CacheCluster.named("{name}")`.',
  },
  TN1306: {
    severity: "error",
    message: 'no cache cluster is called "{name}"',
    hint: 'Declare it with `new CacheCluster("{name}")`.',
  },
  TN1307: {
    severity: "error",
    message: "there is no such eviction policy; there are {known}",
    hint: "Choose one of them, or leave it out.",
  },
  TN1308: {
    severity: "error",
    message: 'the key pattern "{pattern}" cannot be used: {reason}',
    hint: 'Write a pattern such as "sessions/:userId".',
  },
  TN1309: {
    severity: "error",
    message: 'the key pattern names the field "{field}", which the key type does not have; it has {known}',
    hint: "Correct the pattern or the key type.",
  },
  TN1310: {
    severity: "warning",
    message:
      'the field "{field}" of the key type is not in the key pattern "{pattern}": keys that differ in it alone are the same',
    hint: "Add it to the pattern, or take it out of the key type.",
  },
  TN1311: {
    severity: "warning",
    message: 'the key pattern "{pattern}" of this {kind} is also that of {other}: they use the same keys',
    hint: "Begin one of the patterns with another word.",
  },
  TN1901: {
    severity: "warning",
    message: "the native TypeScript compiler could not be started, the slower built-in one is used: {reason}",
    hint: "Reinstall without --no-optional, or set TENON_TYPESCRIPT=classic to choose it and silence this.",
  },
  ...messageCatalogue,
} as const satisfies Record<string, CatalogueEntry>;

export type DiagnosticCode = keyof typeof catalogue;
