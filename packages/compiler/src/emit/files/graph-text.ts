// The graph as the text of `app.json`: one service, database, secret and definition a line. Thousands of lines of indentation would
// take longer to write at every edit than anything else, and be no easier to read or compare.
import type { Graph } from "@tenon/model";

export function graphText({ services, databases, secrets, schemas, ...head }: Graph): string {
  const definitions = Object.entries(schemas).map(
    ([name, schema]) => `${JSON.stringify(name)}:${JSON.stringify(schema)}`,
  );
  const parts = [
    ...Object.entries(head).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`),
    `"services":[${lines(services.map((service) => JSON.stringify(service)))}]`,
    `"databases":[${lines(databases.map((database) => JSON.stringify(database)))}]`,
    `"secrets":[${lines(secrets.map((secret) => JSON.stringify(secret)))}]`,
    `"schemas":{${lines(definitions)}}`,
  ];
  return `{${lines(parts)}}\n`;
}

function lines(items: readonly string[]): string {
  return items.length === 0 ? "" : `\n${items.join(",\n")}\n`;
}
