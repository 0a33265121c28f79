// What a process is allowed, and which edges of the graph it is allowed for; and the page that tells it to people.
import type { Deployment, Edge } from "../../deployment/deployment.ts";

export interface Grant {
  /** Name of the process. */
  readonly unit: string;
  /** In words: "secretsmanager:GetSecretValue on secret StripeKey". */
  readonly allows: string;
  /** Where it stands: "data.aws_iam_policy_document.orders_start, ReadSecretStripeKey". */
  readonly address: string;
  /** Or why each process needs it, whatever its code does. */
  readonly because: readonly Edge[] | string;
}

/** "orders calls payments (payments.charge)". */
export function edgeText(edge: Edge): string {
  switch (edge.kind) {
    case "call":
      return `${edge.from} calls ${edge.to} (${edge.endpoints.join(", ")})`;
    case "database":
      return `${edge.from} uses database ${edge.database}`;
    case "publish":
      return `${edge.from} publishes to ${edge.topic}`;
    case "subscribe":
      return `${edge.from} takes from ${edge.topic} (${edge.subscription})`;
    case "bucket":
      return `${edge.from} uses bucket ${edge.bucket}`;
    case "cache":
      return `${edge.from} uses cache ${edge.cache}`;
    case "secret":
      return `${edge.from} reads secret ${edge.secret}`;
  }
}

export function grantsPage(deployment: Deployment, grants: readonly Grant[], notes: readonly string[]): string {
  const lines = deployment.edges.flatMap((edge) => {
    const own = grants.filter(({ because }) => typeof because !== "string" && because.includes(edge));
    return own.map((grant) => row([edgeText(edge), grant.allows, code(grant.address)]));
  });
  const others = grants.filter(({ because }) => typeof because === "string");
  return [
    "# What each process may do, and why",
    "",
    "Made by `tenon deploy terraform` from the app's graph. What no edge asks for is not allowed.",
    "",
    "## From the code",
    "",
    row(["edge", "allows", "where"]),
    row(["---", "---", "---"]),
    ...lines,
    "",
    ...(others.length === 0 ? [] : otherLines(others)),
    ...notes.map((note) => `${note}\n`),
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}

function otherLines(grants: readonly Grant[]): readonly string[] {
  return [
    "## Whatever the code does",
    "",
    row(["process", "allows", "where", "why"]),
    row(["---", "---", "---", "---"]),
    ...grants.map(({ unit, allows, address, because }) => row([unit, allows, code(address), String(because)])),
    "",
  ];
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function code(text: string): string {
  return `\`${text}\``;
}
