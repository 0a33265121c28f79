// Emits the entry of a service's bundle: it imports the marker file and every file with an endpoint, and exports the handlers.

export interface ServiceEntryInput {
  /** Absolute paths; `marker` is null for a service without a marker file. */
  readonly marker: string | null;
  readonly endpoints: readonly { readonly name: string; readonly exportName: string; readonly file: string }[];
}

export function emitServiceEntry({ marker, endpoints }: ServiceEntryInput): string {
  const lines: string[] = marker === null ? [] : [`import ${JSON.stringify(marker)};`];
  const handlers: string[] = [];
  const sorted = endpoints.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  sorted.forEach((endpoint, index) => {
    lines.push(`import { ${endpoint.exportName} as handler${index} } from ${JSON.stringify(endpoint.file)};`);
    handlers.push(`  ${JSON.stringify(endpoint.name)}: handler${index},`);
  });
  return `${[...lines, "", "export const handlers = {", ...handlers, "};"].join("\n")}\n`;
}
