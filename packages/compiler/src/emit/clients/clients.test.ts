import assert from "node:assert/strict";
import { test } from "node:test";
import type { Endpoint, Graph, Service } from "@tenon/model";
import type { ClientService } from "./client-service.ts";
import { DefinitionLines, emitClientDeclaration, emitClientsIndex } from "./clients-declaration.ts";
import { emitClientsModule } from "./clients-module.ts";

const services: ClientService[] = [
  {
    name: "users",
    endpoints: [
      { name: "list", kind: "typed", file: "users/users.ts", exportName: "list" },
      { name: "get", kind: "typed", file: "users/users.ts", exportName: "get" },
    ],
  },
  { name: "user-mail", endpoints: [{ name: "send", kind: "typed", file: "mail/send.ts", exportName: "default" }] },
];

const base: Omit<Endpoint, "name" | "path"> = {
  kind: "typed",
  methods: ["GET"],
  expose: true,
  auth: false,
  sensitive: false,
  tags: [],
  bodyLimitBytes: null,
  fields: [],
  location: { file: "users/users.ts", line: 1, column: 1 },
};

function graphWith(description: string): Graph {
  const users: Service = {
    name: "users",
    directory: "users",
    description: "People.",
    endpoints: [
      {
        ...base,
        name: "get",
        description,
        path: { pattern: "/users/:id", segments: [] },
        request: { kind: "object", properties: [{ name: "id", schema: { kind: "string" }, optional: false }] },
        response: { kind: "ref", name: "User" },
      },
      {
        ...base,
        name: "list",
        expose: false,
        path: { pattern: "/users", segments: [] },
        response: { kind: "ref", name: "User" },
      },
    ],
    calls: [],
    databases: [],
    secrets: [],
  };
  const team = { kind: "object", properties: [{ name: "name", schema: { kind: "string" }, optional: false }] } as const;
  const user = {
    kind: "object",
    properties: [{ name: "team", schema: { kind: "ref", name: "Team" }, optional: true }],
  } as const;
  return {
    version: 1,
    app: { id: "shop" },
    services: [users],
    databases: [],
    secrets: [],
    schemas: { Team: team, Unused: team, User: user },
  };
}

const declarationOf = (service: ClientService, graph: Graph | null) =>
  emitClientDeclaration({
    appDir: "/app",
    file: `/app/.tenon/gen/clients/services/${service.name}.d.ts`,
    service,
    known: graph?.services.find(({ name }) => name === service.name) ?? null,
    schemas: graph?.schemas ?? {},
    definitions: new DefinitionLines(graph?.schemas ?? {}),
    hasAuth: false,
  });

test("the declaration of a service is readable and complete", () => {
  assert.equal(
    declarationOf(services[0]!, graphWith("Finds one.\nClose it: */ now")),
    `// Written by Tenon from the services of this app; rewritten on every change.
import type { CallOpts, RequestOf, ResponseOf } from "tenon/api";
import type { get as users_get, list as users_list } from "../../../../users/users.ts";

/** People. */
export interface UsersClient {
  /**
   * Finds one.
   * Close it: *\\/ now
   *
   * \`GET /users/:id\`
   *
   * - request: \`{ id: string }\`
   * - response: \`User\`
   */
  get(request: RequestOf<typeof users_get>, options?: CallOpts): Promise<ResponseOf<typeof users_get>>;

  /**
   * \`GET /users\`, private
   *
   * - request: nothing
   * - response: \`User\`
   */
  list(options?: CallOpts): Promise<ResponseOf<typeof users_list>>;

  /** The client as a value, to be passed on. */
  ref(): UsersClient;
}
export declare const users: UsersClient;

// The types named above, as they travel:
//   Team = { name: string }
//   User = { team?: Team }
`,
  );
});

test("a default export and a service whose types are not known yet", () => {
  assert.equal(
    declarationOf(services[1]!, graphWith("")),
    `// Written by Tenon from the services of this app; rewritten on every change.
import type { CallOpts, RequestOf, ResponseOf } from "tenon/api";
import type { default as userMail_send } from "../../../../mail/send.ts";

export interface UserMailClient {
  send(request: RequestOf<typeof userMail_send>, options?: CallOpts): Promise<ResponseOf<typeof userMail_send>>;

  /** The client as a value, to be passed on. */
  ref(): UserMailClient;
}
export declare const userMail: UserMailClient;
`,
  );
});

test("streams and items: as declared before types are known, as their types say after", () => {
  const chat: ClientService = {
    name: "chat",
    endpoints: [
      { name: "events", kind: "sse", file: "chat/chat.ts", exportName: "events" },
      { name: "lines", kind: "typed", file: "chat/chat.ts", exportName: "lines" },
      { name: "talk", kind: "stream-in-out", file: "chat/chat.ts", exportName: "talk" },
    ],
  };
  const text = { kind: "string" } as const;
  const path = { pattern: "/p", segments: [] };
  const endpoints: Endpoint[] = [
    { ...base, name: "events", kind: "sse", path, messages: { outgoing: text } },
    { ...base, name: "lines", kind: "http-stream", path, messages: { outgoing: { kind: "ref", name: "Team" } } },
    { ...base, name: "talk", kind: "stream-in-out", path, messages: { incoming: text, outgoing: text } },
  ];
  const graph = graphWith("");
  const known: Graph = { ...graph, services: [{ ...graph.services[0]!, name: "chat", endpoints }] };
  const signatures = (declaration: string) =>
    declaration.split("\n").filter((line) => line.includes("options?: CallOpts"));
  assert.deepEqual(signatures(declarationOf(chat, graphWith(""))), [
    "  events(request: RequestOf<typeof chat_events>, options?: CallOpts): AsyncIterable<ItemOf<typeof chat_events>>;",
    "  lines(request: RequestOf<typeof chat_lines>, options?: CallOpts): Promise<ResponseOf<typeof chat_lines>>;",
    "  talk(request: HandshakeOf<typeof chat_talk>, options?: CallOpts): Promise<StreamOf<typeof chat_talk>>;",
  ]);
  const declaration = declarationOf(chat, known);
  assert.deepEqual(signatures(declaration), [
    "  events(options?: CallOpts): AsyncIterable<ItemOf<typeof chat_events>>;",
    "  lines(options?: CallOpts): AsyncIterable<ItemOf<typeof chat_lines>>;",
    "  talk(options?: CallOpts): Promise<StreamOf<typeof chat_talk>>;",
  ]);
  assert.match(declaration, /^import type \{ CallOpts, ItemOf, StreamOf \} from "tenon\/api";$/m);
  assert.match(declaration, /- sent to it: `string`\n {3}\* - sent by it: `string`/);
  assert.match(declaration, /\/\/ {3}Team = /);
});

test("the index names every client, with a mark that moves with its declaration", () => {
  const index = (users: string) =>
    emitClientsIndex(
      new Map([
        ["users", users],
        ["user-mail", "b"],
      ]),
    );
  const shape =
    /^\/\/ .*\nexport \{ userMail, type UserMailClient \} from "\.\/services\/user-mail\.js"; \/\/ \w{12}\nexport \{ users, type UsersClient \} from "\.\/services\/users\.js"; \/\/ \w{12}\n$/;
  assert.match(index("a"), shape);
  assert.notEqual(index("a"), index("c"));
});

test("the module passes options first where there is no request", () => {
  assert.equal(
    emitClientsModule(services, graphWith("")),
    `// Written by Tenon from the services of this app; rewritten on every change.
import { clientMethod, clientMethodWithoutRequest, rawClientMethod } from "tenon/internal/client";

export const userMail = {
  send: /* @__PURE__ */ clientMethod("user-mail", "send"),
  ref: () => userMail,
};

export const users = {
  get: /* @__PURE__ */ clientMethod("users", "get"),
  list: /* @__PURE__ */ clientMethodWithoutRequest("users", "list"),
  ref: () => users,
};
`,
  );
});

test("the order of discovery does not matter", () => {
  const turned = services.toReversed().map((service) => ({ ...service, endpoints: service.endpoints.toReversed() }));
  assert.equal(declarationOf(services[0]!, graphWith("x")), declarationOf(turned[1]!, graphWith("x")));
  assert.equal(emitClientsModule(services, null), emitClientsModule(turned, null));
});

test("a raw endpoint is called as fetch is, and a folder of files is not called at all", () => {
  const files = [
    { name: "upload", file: "files/upload.ts", exportName: "upload", kind: "raw" as const },
    { name: "site", file: "files/site.ts", exportName: "site", kind: "static" as const },
  ];
  const service = { name: "files", endpoints: files };
  assert.equal(
    declarationOf(service, null),
    `// Written by Tenon from the services of this app; rewritten on every change.
import type { CallOpts, RawCallInit } from "tenon/api";

export interface FilesClient {
  upload(init?: RawCallInit, options?: CallOpts): Promise<Response>;

  /** The client as a value, to be passed on. */
  ref(): FilesClient;
}
export declare const files: FilesClient;
`,
  );
  const module = emitClientsModule([service], null);
  assert.match(module, /upload: \/\* @__PURE__ \*\/ rawClientMethod\("files", "upload"\),\n {2}ref/);
});
