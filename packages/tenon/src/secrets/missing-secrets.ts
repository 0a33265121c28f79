// Secrets that nobody has set: told all at once, with where to set them.
import type { Graph } from "@tenon/model";
import type { Problem } from "../dev/problem.ts";

/** undefined: none is missing. */
export function missingSecrets(graph: Graph, isSet: (name: string) => boolean): Problem | undefined {
  const missing = graph.secrets.filter(({ name, services }) => services.length > 0 && !isSet(name));
  if (missing.length === 0) return undefined;
  const list = missing.map(({ name, services }) => `${name} (used by ${services.join(", ")})`).join("; ");
  return {
    code: "secrets_missing",
    message: `secrets without a value, which read as "" until they are set: ${list}`,
    hint: `\`tenon secret set ${missing[0]?.name}\`, or lines such as ${missing[0]?.name}=... in .env.local`,
  };
}
