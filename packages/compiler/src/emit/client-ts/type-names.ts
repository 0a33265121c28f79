// Where each definition of the graph stands in the client, and under which name: in the namespace of the one service that uses it, or
// in a namespace that all share.
import { type Endpoint, type Schema, type Schemas, type Service, resolveSchema } from "@tenon/model";
import { childrenOf } from "../../schema/discriminant.ts";
import { reservedWords } from "./reserved-words.ts";
import { clientName } from "../clients/client-service.ts";

export interface TypeName {
  readonly namespace: string;
  readonly name: string;
}

export interface TypeNames {
  /** Service -> its namespace. */
  readonly namespaces: ReadonlyMap<string, string>;
  /** Of what several services use. */
  readonly shared: string;
  /** Definition of the graph -> its place. */
  readonly definitions: ReadonlyMap<string, TypeName>;
  /** What a service's namespace repeats of the shared one: its users need not know what else uses a type. */
  readonly aliases: readonly { readonly namespace: string; readonly name: string; readonly of: TypeName }[];
  /** A name in a namespace that nothing else has. */
  unique(namespace: string, wanted: string): string;
}

/** `others`: schemas that belong to no service. `reserved`: names that the client has at its top already. */
export function nameTypes(
  services: readonly Service[],
  others: readonly Schema[],
  schemas: Schemas,
  reserved: readonly string[],
): TypeNames {
  const top = new Set([...reserved, ...reservedWords]);
  const namespaces = new Map(services.map(({ name }) => [name, freeName(top, clientName(name))]));
  const shared = freeName(top, "types");
  const used = new Map<string, Set<string>>();
  const unique = (namespace: string, wanted: string): string => {
    const names = used.get(namespace) ?? new Set<string>();
    used.set(namespace, names);
    return freeName(names, wanted);
  };
  const users = new Map<string, Set<string>>();
  const note = (schema: Schema, user: string) => {
    for (const name of reachedNames(schema, schemas)) users.set(name, (users.get(name) ?? new Set()).add(user));
  };
  for (const service of services) {
    for (const schema of service.endpoints.flatMap(schemasOf)) note(schema, namespaces.get(service.name)!);
  }
  for (const schema of others) note(schema, shared);
  const definitions = new Map<string, TypeName>();
  const aliases: { namespace: string; name: string; of: TypeName }[] = [];
  for (const name of [...users.keys()].sort()) {
    const [first, ...more] = users.get(name)!;
    const namespace = more.length === 0 ? first! : shared;
    const place = { namespace, name: unique(namespace, typeIdentifier(name)) };
    definitions.set(name, place);
    for (const user of more.length === 0 ? [] : [first!, ...more]) {
      if (user !== shared) aliases.push({ namespace: user, name: unique(user, place.name), of: place });
    }
  }
  return { namespaces, shared, definitions, aliases, unique };
}

export function schemasOf({ request, response, messages, errors = [] }: Endpoint): Schema[] {
  const details = errors.map((error) => error.details);
  return [request, response, messages?.incoming, messages?.outgoing, ...details].filter((one) => one !== undefined);
}

/** Definitions that a schema leads to, also by way of others. */
export function reachedNames(schema: Schema, schemas: Schemas): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (part: Schema): void => {
    if (part.kind !== "ref") for (const child of childrenOf(part)) visit(child);
    else if (!names.has(part.name)) {
      names.add(part.name);
      visit(resolveSchema(part, schemas));
    }
  };
  visit(schema);
  return names;
}

/** "Page<User>" -> "PageUser", "string[]" -> "StringList". */
function typeIdentifier(name: string): string {
  const words = name
    .replaceAll("[]", " List")
    .split(/[^\p{ID_Continue}$]+/u)
    .filter((word) => word !== "");
  const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return /^[\p{ID_Start}$_]/u.test(joined) ? joined : `_${joined}`;
}

function freeName(taken: Set<string>, wanted: string): string {
  let name = wanted;
  for (let count = 2; taken.has(name); count++) name = `${wanted}${count}`;
  taken.add(name);
  return name;
}
