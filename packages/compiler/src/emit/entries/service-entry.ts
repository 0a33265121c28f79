// Emits the entry of a service's bundle: it imports the marker file and every file that declares something for the service to run, and
// exports what the runtime needs to get hold of.

import type { ClientEndpoint } from "../clients/client-service.ts";

export interface ServiceEntryInput {
  /** Absolute paths; `marker` is null for a service without a marker file. */
  readonly marker: string | null;
  /** The app's own module; null where there is none. */
  readonly app: string | null;
  readonly endpoints: readonly ClientEndpoint[];
  /** `exportName` null: running the file is all there is to it. */
  readonly resources: readonly {
    readonly type: string;
    readonly name: string;
    readonly exportName: string | null;
    readonly file: string;
  }[];
}

export function emitServiceEntry({ marker, app, endpoints, resources }: ServiceEntryInput): string {
  const lines: string[] = app === null ? [] : [`export { default as app } from ${JSON.stringify(app)};`];
  if (marker !== null) lines.push(`export { default as service } from ${JSON.stringify(marker)};`);
  const handlers: string[] = [];
  const sorted = endpoints.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  sorted.forEach((endpoint, index) => {
    lines.push(`import { ${endpoint.exportName} as handler${index} } from ${JSON.stringify(endpoint.file)};`);
    const members = (endpoint.members ?? []).map((member) => `.${member}`).join("");
    handlers.push(`  ${JSON.stringify(endpoint.name)}: handler${index}${members},`);
  });
  const values: string[] = [];
  resources.forEach(({ type, name, exportName, file }, index) => {
    const specifier = JSON.stringify(file);
    lines.push(
      exportName === null ? `import ${specifier};` : `import { ${exportName} as resource${index} } from ${specifier};`,
    );
    if (exportName !== null) values.push(`  ${JSON.stringify(`${type} ${name}`)}: resource${index},`);
  });
  const exported = values.length === 0 ? [] : ["export const resources = {", ...values, "};"];
  return `${[...lines, "", "export const handlers = {", ...handlers, "};", ...exported].join("\n")}\n`;
}
