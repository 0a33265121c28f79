// The secret values that a process gets as environment variables, each with the edges that it is needed for. Where the values are kept, and who
// may read them there, follows from this and nothing else.
import { type Deployment, type Edge, type Unit, usesTopics } from "../../deployment/deployment.ts";
import { keyVariable, messagesDatabase, passwordVariable } from "../../deployment/variables.ts";
import { label } from "./blocks.ts";

export type SecretSource =
  /** What the processes of the app prove themselves to each other with. */
  | { readonly kind: "key" }
  | { readonly kind: "database"; readonly database: string }
  /** The value of a declared secret: the user puts it there. */
  | { readonly kind: "secret"; readonly secret: string };

export interface NeededSecret {
  readonly source: SecretSource;
  /** Environment variable. */
  readonly variable: string;
  /** Empty: needed by each process, whatever its code does. */
  readonly edges: readonly Edge[];
}

export function neededSecrets(deployment: Deployment, unit: Unit): readonly NeededSecret[] {
  const own = deployment.edges.filter(({ from }) => from === unit.name);
  const messages = own.filter(({ kind }) => kind === "publish" || kind === "subscribe");
  return [
    ...(unit.kind === "app" ? [] : [{ source: { kind: "key" }, variable: keyVariable, edges: [] } as const]),
    ...own.flatMap((edge): NeededSecret[] => {
      if (edge.kind === "database") return [databaseSecret(edge.database, [edge])];
      if (edge.kind !== "secret") return [];
      return [{ source: { kind: "secret", secret: edge.secret }, variable: edge.secret, edges: [edge] }];
    }),
    ...(messages.length === 0 ? [] : [databaseSecret(messagesDatabase, messages)]),
  ];
}

/** Those of its secrets whose values are made with the deployment, by their names in Terraform. */
export function generatedSecrets(deployment: Deployment, unit: Unit): readonly string[] {
  return neededSecrets(deployment, unit).flatMap(({ source }) =>
    source.kind === "secret" ? [] : [secretLabel(source)],
  );
}

/** Those of all processes by their variables, each once, sorted. */
export function allNeededSecrets(deployment: Deployment): readonly Pick<NeededSecret, "source" | "variable">[] {
  const all = new Map<string, SecretSource>();
  for (const unit of deployment.units) {
    for (const { source, variable } of neededSecrets(deployment, unit)) all.set(variable, source);
  }
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([variable, source]) => ({ source, variable }));
}

/** Each once, sorted. */
export function allSecrets(deployment: Deployment): readonly SecretSource[] {
  const all = new Map<string, SecretSource>();
  for (const unit of deployment.units) {
    for (const { source } of neededSecrets(deployment, unit)) all.set(secretLabel(source), source);
  }
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, source]) => source);
}

/** Of all databases on the server, that of the messages among them. */
export function databaseNames(deployment: Deployment): readonly string[] {
  const own = deployment.databases.map(({ name }) => name);
  const hasMessages = deployment.units.some(({ name }) => usesTopics(deployment, name));
  return hasMessages ? [...own, messagesDatabase] : own;
}

/** In Terraform: "database_orders". */
export function secretLabel(source: SecretSource): string {
  if (source.kind === "key") return "key";
  return source.kind === "database" ? `database_${label(source.database)}` : `secret_${label(source.secret)}`;
}

/** In the cloud's store, which takes letters, digits and dashes: "database-orders". */
export function secretName(source: SecretSource): string {
  if (source.kind === "key") return "key";
  const name = source.kind === "database" ? source.database : source.secret;
  return `${source.kind}-${name.replaceAll(/[^A-Za-z0-9]+/g, "-")}`;
}

function databaseSecret(database: string, edges: readonly Edge[]): NeededSecret {
  return { source: { kind: "database", database }, variable: passwordVariable(database), edges };
}
