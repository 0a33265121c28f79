// The processes of a deployment as containers on this machine, each of its own image: as nobody, on a read-only root, in the machine's network.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { unitInfra } from "@tenon/deploy";
import { eventually } from "./eventually.mjs";
import { freePort } from "./free-port.mjs";

/** Containers of a busy machine take their time to start. */
const patience = { deadlineMs: 60_000 };

/**
 * Resolves once all are ready. The images, `<app>/<unit>:latest`, have been loaded.
 * @param {{ run(...args: string[]): Promise<string> }} podman
 * @param {import("@tenon/deploy").Deployment} deployment
 * @param {{ dir: string, databases?: ReadonlyMap<string, URL> }} options `dir`: for the infra.json of each; `databases`: "messages" is the one
 *   that topics are in
 * @returns {Promise<{ gateway: string, logs(): Promise<string> }>}
 */
export async function startUnits(podman, deployment, { dir, databases = new Map() }) {
  const ports = new Map();
  for (const { name } of deployment.units) ports.set(name, { public: await freePort(), internal: await freePort() });
  const places = placesOn(deployment, ports, databases);
  const containers = new Map();
  for (const unit of deployment.units) {
    containers.set(unit.name, await startUnit(podman, deployment, unit, { dir, ports: ports.get(unit.name), places }));
  }
  const logs = async () => {
    const ends = [...containers].map(async ([name, id]) => `${name}: ${(await podman.run("logs", id)).slice(-500)}`);
    return (await Promise.all(ends)).join("\n");
  };
  for (const [name, { internal }] of ports) {
    const isReady = async () => (await fetch(`http://127.0.0.1:${internal}/__tenon/readyz`)).ok;
    await eventually(`${name} to be ready`, isReady, patience).catch(async (error) => {
      throw new Error(`${error.message}; the containers printed:\n${await logs()}`, { cause: error.cause });
    });
  }
  return { gateway: `http://127.0.0.1:${ports.get("gateway").public}`, logs };
}

/** @returns its id */
async function startUnit(podman, deployment, unit, { dir, ports, places }) {
  const file = join(dir, `${unit.name}.json`);
  await writeFile(file, JSON.stringify(unitInfra(deployment, unit, places)));
  const environment = [
    "TENON_INFRA=/etc/tenon/infra.json",
    "TENON_KEY=a key that only the units of this test know",
    `PORT=${ports.public}`,
    `TENON_INTERNAL_PORT=${ports.internal}`,
  ].flatMap((variable) => ["--env", variable]);
  const options = ["--read-only", "--network", "host", "--volume", `${file}:/etc/tenon/infra.json:ro`, ...environment];
  const image = `${deployment.app}/${unit.name}:latest`;
  if (deployment.databases.some((database) => database.unit === unit.name))
    await podman.run("run", "--rm", ...options, image, "migrate");
  return podman.run("run", "--detach", ...options, image);
}

function placesOn(deployment, ports, databases) {
  return {
    metadata: {
      app_id: deployment.app,
      env_name: "test",
      env_type: "production",
      cloud: "local",
      base_url: "http://127.0.0.1",
    },
    internalUrl: (unit) => `http://127.0.0.1:${ports.get(unit).internal}`,
    sqlServer: (database) => {
      const url = databases.get(database);
      const entry = { username: url.username, password: decodeURIComponent(url.password) };
      return {
        host: url.host,
        tls_config: { disabled: true },
        databases: { [database]: { ...entry, name: url.pathname.slice(1) } },
      };
    },
    pubsub: () => ({ type: "postgres", connection_string: databases.get("messages").href }),
    objectStorage: () => ({}),
    redis: () => ({}),
    secret: (name) => ({ $env: name }),
    keyVariable: "TENON_KEY",
    shutdownSeconds: 10,
  };
}
