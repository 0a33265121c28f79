// Where things are as the containers see it: the infra.json of each unit.
import type { Deployment } from "../../deployment/deployment.ts";
import type { Json, Places } from "../../deployment/unit-infra.ts";
import { cachePasswordVariable, keyVariable, passwordVariable } from "../../deployment/variables.ts";
import { broker, cacheName, objects, postgres } from "./engines.ts";
import type { ComposeSettings } from "./settings.ts";
import { brokerPassword, messagesUrl, objectsKeyId, objectsSecret } from "./variables.ts";

export function places(deployment: Deployment, settings: ComposeSettings): Places {
  const { environment, baseUrl, objectsUrl } = settings;
  return {
    metadata: {
      app_id: deployment.app,
      env_name: environment,
      env_type: "production",
      cloud: "local",
      ...(baseUrl === undefined ? {} : { base_url: baseUrl }),
    },
    internalUrl: (unit) => `http://${unit}:8081`,
    sqlServer: (database) => ({
      host: `${postgres}:5432`,
      // The network between the two has nobody else in it.
      tls_config: { disabled: true },
      databases: { [database]: { name: database, username: database, password: { $env: passwordVariable(database) } } },
    }),
    pubsub: () => brokerEntry(settings.broker),
    objectStorage: (buckets) => ({
      type: "s3",
      region: "us-east-1",
      // Signed URLs name the host that they were made for.
      endpoint: objectsUrl ?? `http://${objects}:8333`,
      access_key_id: { $env: objectsKeyId },
      secret_access_key: { $env: objectsSecret },
      buckets: Object.fromEntries(buckets.map((bucket) => [bucket, { name: bucket }])),
    }),
    redis: (cache) => ({
      host: `${cacheName(cache)}:6379`,
      auth: { type: "auth_string", auth_string: { $env: cachePasswordVariable(cache) } },
    }),
    secret: (name) => ({ $env: name }),
    keyVariable,
    shutdownSeconds: settings.shutdownSeconds,
  };
}

function brokerEntry(name: ComposeSettings["broker"]): { readonly [key: string]: Json } {
  switch (name) {
    case "postgres":
      return { type: "postgres", connection_string: { $env: messagesUrl } };
    case "nats":
      return { type: "nats", servers: `nats://${broker}:4222`, user: "tenon", password: { $env: brokerPassword } };
    case "redis":
      return {
        type: "redis",
        host: `${broker}:6379`,
        auth: { type: "auth_string", auth_string: { $env: brokerPassword } },
      };
  }
}
