// The containers beside the app: PostgreSQL, broker, caches, object store, collector, and the jobs that prepare the first and the fourth.
import type { Deployment } from "../../deployment/deployment.ts";
import { cachePasswordVariable, messagesDatabase, passwordVariable } from "../../deployment/variables.ts";
import { type ComposeService, confined, healthcheck, required, withDefault } from "./compose-file.ts";
import {
  allEngines,
  broker,
  bucketsJob,
  cacheName,
  collector,
  databasesJob,
  keepsMessages,
  objects,
  postgres,
  usedCaches,
  usedDatabases,
} from "./engines.ts";
import { type Link, networksOf } from "./networks.ts";
import type { ComposeSettings } from "./settings.ts";
import { adminPassword, brokerPassword, objectsKeyId, objectsSecret } from "./variables.ts";

type Services = Record<string, ComposeService>;

/** An engine's own port is what others use; nobody outside needs any of them. */
export function engineServices(deployment: Deployment, links: readonly Link[], settings: ComposeSettings): Services {
  const engines = allEngines(deployment, settings);
  const services: Services = {};
  if (engines.has(postgres)) {
    services[postgres] = postgresService(links, settings);
    services[databasesJob] = databasesService(deployment, links, settings);
  }
  if (engines.has(broker)) {
    services[broker] = settings.broker === "nats" ? natsService(links, settings) : redisBroker(links, settings);
  }
  for (const { name, evictionPolicy } of usedCaches(deployment)) {
    services[cacheName(name)] = cacheService(name, evictionPolicy, links, settings);
  }
  if (engines.has(objects)) {
    services[objects] = objectsService(links, settings);
    services[bucketsJob] = bucketsService(links, settings);
  }
  if (engines.has(collector)) services[collector] = collectorService(links, settings);
  return services;
}

function postgresService(links: readonly Link[], { engineImages }: ComposeSettings): ComposeService {
  return {
    image: engineImages.postgres,
    user: "postgres",
    command: ["postgres", "-c", "max_connections=300"],
    environment: { POSTGRES_PASSWORD: required(adminPassword) },
    volumes: ["postgres:/var/lib/postgresql"],
    networks: networksOf(postgres, links, false),
    // By TCP: while it sets itself up for the first time it listens on its socket alone.
    healthcheck: healthcheck(["CMD", "pg_isready", "--host=127.0.0.1", "--username=postgres"]),
    restart: "unless-stopped",
    stop_grace_period: "60s",
    shm_size: "256m",
    ...confined,
    tmpfs: ["/tmp", "/var/run/postgresql"],
  };
}

function databasesService(deployment: Deployment, links: readonly Link[], settings: ComposeSettings): ComposeService {
  const databases = [...usedDatabases(deployment), ...(keepsMessages(deployment, settings) ? [messagesDatabase] : [])];
  const passwords = databases.map(passwordVariable);
  return {
    image: settings.engineImages.postgres,
    user: "postgres",
    command: ["psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=/etc/tenon/databases.sql"],
    environment: {
      PGHOST: postgres,
      PGUSER: "postgres",
      PGPASSWORD: required(adminPassword),
      ...Object.fromEntries(passwords.map((name) => [name, required(name)])),
    },
    volumes: ["./databases.sql:/etc/tenon/databases.sql:ro"],
    networks: networksOf(databasesJob, links, false),
    depends_on: { [postgres]: { condition: "service_healthy" } },
    restart: "no",
    ...confined,
  };
}

function natsService(links: readonly Link[], { engineImages }: ComposeSettings): ComposeService {
  return {
    image: engineImages.nats,
    user: "0:0",
    ...shell('exec nats-server --config /etc/tenon/nats.conf --user tenon --pass "$$BROKER_PASSWORD"'),
    environment: { BROKER_PASSWORD: required(brokerPassword) },
    volumes: ["broker:/jetstream", "./nats.conf:/etc/tenon/nats.conf:ro"],
    networks: networksOf(broker, links, false),
    healthcheck: healthcheck(["CMD", "wget", "-q", "-O", "-", "http://127.0.0.1:8222/healthz"]),
    restart: "unless-stopped",
    stop_grace_period: "30s",
    ...confined,
  };
}

function redisBroker(links: readonly Link[], { engineImages }: ComposeSettings): ComposeService {
  const server =
    "exec valkey-server --dir /data --save '' --appendonly yes --appendfsync always --no-appendfsync-on-rewrite no" +
    ' --maxmemory-policy noeviction --requirepass "$$BROKER_PASSWORD"';
  return {
    image: engineImages.cache,
    user: "valkey",
    ...shell(server),
    environment: { BROKER_PASSWORD: required(brokerPassword) },
    volumes: ["broker:/data"],
    networks: networksOf(broker, links, false),
    healthcheck: valkeyHealth("BROKER_PASSWORD"),
    restart: "unless-stopped",
    stop_grace_period: "30s",
    ...confined,
  };
}

/** It keeps nothing on disk: what is in a cache may be gone. */
function cacheService(
  cache: string,
  evictionPolicy: string,
  links: readonly Link[],
  { engineImages, cacheMegabytes }: ComposeSettings,
): ComposeService {
  const server =
    `exec valkey-server --save '' --appendonly no --maxmemory ${cacheMegabytes}mb` +
    ` --maxmemory-policy ${evictionPolicy} --requirepass "$$CACHE_PASSWORD"`;
  return {
    image: engineImages.cache,
    user: "valkey",
    ...shell(server),
    environment: { CACHE_PASSWORD: required(cachePasswordVariable(cache)) },
    networks: networksOf(cacheName(cache), links, false),
    healthcheck: valkeyHealth("CACHE_PASSWORD"),
    restart: "unless-stopped",
    ...confined,
  };
}

function valkeyHealth(variable: string) {
  return healthcheck(["CMD-SHELL", `REDISCLI_AUTH="$$${variable}" valkey-cli ping | grep -q PONG`]);
}

/** Root without any rights: its volume belongs to it, whatever user the image has. */
function objectsService(links: readonly Link[], { engineImages, objectsUrl }: ComposeSettings): ComposeService {
  const server = ["server", "-dir=/objects", `-ip=${objects}`, "-ip.bind=0.0.0.0", "-master.volumeSizeLimitMB=1024"];
  return {
    image: engineImages.objects,
    user: "0:0",
    entrypoint: ["weed"],
    command: [...server, "-filer", "-s3", "-s3.port.iceberg=0", "-s3.port.lance=0"],
    environment: { AWS_ACCESS_KEY_ID: required(objectsKeyId), AWS_SECRET_ACCESS_KEY: required(objectsSecret) },
    volumes: ["objects:/objects"],
    ...(objectsUrl === undefined ? {} : { ports: [`${withDefault("OBJECTS_PORT", 8333)}:8333`] }),
    networks: networksOf(objects, links, objectsUrl !== undefined),
    healthcheck: healthcheck(["CMD", "wget", "-q", "-O", "-", "http://127.0.0.1:8333/healthz"]),
    restart: "unless-stopped",
    stop_grace_period: "30s",
    ...confined,
  };
}

function bucketsService(links: readonly Link[], { engineImages }: ComposeSettings): ComposeService {
  return {
    image: engineImages.objects,
    user: "0:0",
    entrypoint: ["/bin/sh"],
    command: ["/etc/tenon/buckets.sh"],
    environment: { WEED: `weed shell -master=${objects}:9333` },
    volumes: ["./buckets.sh:/etc/tenon/buckets.sh:ro"],
    networks: networksOf(bucketsJob, links, false),
    depends_on: { [objects]: { condition: "service_healthy" } },
    restart: "no",
    ...confined,
  };
}

/** The image has nothing in it that could probe. */
function collectorService(links: readonly Link[], { engineImages }: ComposeSettings): ComposeService {
  return {
    image: engineImages.collector,
    command: ["--config=/etc/tenon/collector.yaml"],
    volumes: ["./collector.yaml:/etc/tenon/collector.yaml:ro"],
    networks: networksOf(collector, links, true),
    restart: "unless-stopped",
    ...confined,
  };
}

/** `$$` is how Compose leaves a `$` to the shell; passwords stay out of what `docker inspect` shows of the command. */
function shell(command: string): Pick<ComposeService, "entrypoint" | "command"> {
  return { entrypoint: ["/bin/sh", "-c"], command: [command] };
}
