// Puts together what `appMeta()` gives: the build knows what the app is, the configuration where it runs.
import { randomUUID } from "node:crypto";
import type { AppMeta } from "../config/app-meta.ts";
import type { HostConfig } from "./host-config.ts";
import type { Build } from "./load-build.ts";

export function describeApp(build: Build, config: HostConfig): AppMeta {
  const { meta, development, services } = config;
  return {
    appId: meta?.appId ?? build.graph.app.id,
    apiBaseUrl: meta?.apiBaseUrl ?? "",
    environment: meta?.environment ?? {
      name: development ? "local" : "production",
      type: development ? "development" : "production",
      cloud: "local",
    },
    build: meta?.build ?? { revision: "", uncommittedChanges: false },
    deploy: {
      id: meta?.deployId ?? randomUUID(),
      hostedServices: Object.fromEntries(services.map((name) => [name, { name }])),
    },
  };
}
