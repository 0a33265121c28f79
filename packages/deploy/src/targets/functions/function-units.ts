// Which units of a deployment become functions, and why some can't: a function runs only while it answers, so that nothing in it can hold a
// connection open or wait for messages.
import type { Endpoint, Graph } from "@tenon/model";
import { DeployError } from "../../deploy-error.ts";
import type { Deployment, Unit } from "../../deployment/deployment.ts";
import type { TargetInput } from "../../target.ts";
import type { FunctionSettings } from "./settings.ts";

export interface FunctionUnits {
  readonly units: readonly Unit[];
  /** Service -> base URL of the process that hosts it, for those that are no functions. */
  readonly elsewhere: Readonly<Record<string, string>>;
}

/** Throws DeployError `setting_invalid`, `target_unable`. */
export function functionUnits({ deployment, graph }: TargetInput, settings: FunctionSettings): FunctionUnits {
  const { elsewhere } = settings;
  const isElsewhere = (service: string) => Object.hasOwn(elsewhere, service);
  for (const { name, services } of deployment.units) {
    const away = services.filter(isElsewhere);
    if (away.length === 0 || away.length === services.length) continue;
    const stays = services.filter((service) => !isElsewhere(service)).join(", ");
    const problem = `"elsewhere" names ${away.join(", ")}, but not ${stays}, which the placement puts into the same process "${name}"`;
    throw new DeployError("setting_invalid", problem, "Name all services of a process, or change the placement.");
  }
  const units = deployment.units.filter(({ services }) => services.length === 0 || !services.some(isElsewhere));
  const reasons = units.flatMap((unit) => refusals(graph, unit, settings));
  if (reasons.length === 0) return { units, elsewhere };
  throw new DeployError(
    "target_unable",
    `these can't be functions:\n${reasons.map((reason) => `  - ${reason}`).join("\n")}`,
    'Run these services in processes that stay (compose, kubernetes, vm, terraform) and give their addresses: "elsewhere": {"<service>": "https://..."}.',
  );
}

function refusals(graph: Graph, { services }: Unit, { queues, broker }: FunctionSettings): string[] {
  const hosted = graph.services.filter(({ name }) => services.includes(name));
  const streams = hosted.flatMap(({ name, endpoints }) =>
    endpoints.filter(isWebSocket).map((endpoint) => `${name}.${endpoint.name}`),
  );
  const subscriptions = (graph.topics ?? []).flatMap(({ name: topic, publishers, subscriptions: all }) =>
    all
      .filter(({ service }) => services.includes(service))
      .flatMap(({ name }): string[] => {
        const full = `${topic}/${name}`;
        if (!Object.hasOwn(queues, full))
          return [`${full}: ${broker} gives messages to processes that wait for them, and a function does not`];
        if (publishers.length === 0) return [];
        return [
          `${full}: ${publishers.join(", ")} publish to ${broker}, and nothing brings that into the queue of the subscription`,
        ];
      }),
  );
  return [
    ...streams.map((name) => `${name}: a WebSocket stays open, and a function ends with its answer`),
    ...subscriptions,
  ];
}

function isWebSocket({ kind }: Endpoint): boolean {
  return kind.startsWith("stream-");
}

/** Units that call each other in a circle: the address of none of them is known before the others are there. */
export function unitsInCircles({ edges, units }: Deployment): ReadonlySet<string> {
  const calls = (from: string) =>
    edges.flatMap((edge) => (edge.kind === "call" && edge.from === from ? [edge.to] : []));
  const reachable = (from: string) => {
    const reached = new Set<string>();
    const rest = calls(from);
    for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
      if (reached.has(next)) continue;
      reached.add(next);
      rest.push(...calls(next));
    }
    return reached;
  };
  return new Set(units.map(({ name }) => name).filter((name) => reachable(name).has(name)));
}
