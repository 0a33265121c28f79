// `tenon deploy compose`: the app and all that it needs on one machine, for Docker Compose and what understands its files.
import { parse } from "yaml";
import type { Target } from "../../target.ts";
import type { Resources } from "../../files/diff-resources.ts";
import { render } from "./render.ts";
import { settings } from "./settings.ts";

export const composeTarget: Target = {
  name: "compose",
  summary: "one machine with Docker or Podman: the app, its databases, brokers, caches, buckets and a collector",
  settings,
  render,
  resourcesIn,
  nextSteps({ deployment, settings: { perUnitImages, broker } }) {
    const needsAdapter = broker !== "postgres" && deployment.topics.length > 0;
    return [
      "cp .env.example .env, and fill it in",
      ...(needsAdapter ? [`npm install @tenon/${broker === "nats" ? "nats" : "redis-streams"}, and build again`] : []),
      `tenon image${perUnitImages === true ? " --per-unit" : ""}, and load what it writes`,
      "docker compose up --detach --wait",
    ];
  },
};

/** Each service, network and volume is one, and so is the infra.json of each unit. */
function resourcesIn(path: string, text: string): Resources | undefined {
  const infra = /^infra\/([^/]+)\.json$/.exec(path)?.[1];
  try {
    if (infra !== undefined) return new Map([[`infra/${infra}`, JSON.parse(text)]]);
    if (path !== "compose.yaml") return undefined;
    const file = parse(text) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    const kinds = [
      ["services", "service"],
      ["networks", "network"],
      ["volumes", "volume"],
    ] as const;
    return new Map(
      kinds.flatMap(([key, kind]) =>
        Object.entries(file[key] ?? {}).map(([name, value]) => [`${kind}/${name}`, value] as const),
      ),
    );
  } catch {
    // Somebody's edit that is no longer YAML or JSON is compared line by line.
    return undefined;
  }
}
