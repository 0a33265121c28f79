// Writes the entries of services as files, with imports relative to them, so that any module system finds the sources.
import { join, relative, sep } from "node:path";
import type { DiscoveredSource } from "../../analyze.ts";
import { writeIfChanged } from "../files/write-if-changed.ts";
import { emitServiceEntry } from "./service-entry.ts";

export async function writeEntries(
  services: readonly DiscoveredSource[],
  appDir: string,
  entriesDir: string,
): Promise<void> {
  const place = (file: string) => relative(entriesDir, join(appDir, file)).split(sep).join("/");
  await Promise.all(
    services.map(({ name, marker, app, endpoints, resources }) => {
      const entry = emitServiceEntry({
        marker: marker === null ? null : place(marker),
        app: app === null ? null : place(app),
        endpoints: endpoints.map((endpoint) => ({ ...endpoint, file: place(endpoint.file) })),
        resources: resources.map((resource) => ({ ...resource, file: place(resource.file) })),
      });
      return writeIfChanged(join(entriesDir, `${name}.js`), entry);
    }),
  );
}
