// The figures that the README quotes, between two markers, so that they can be nothing else than those of the performance page.
import { httpNumbers, ratioTo } from "./http-numbers.mjs";

export const startMarker = "<!-- performance: written by npm run report in bench/ -->";
export const endMarker = "<!-- /performance -->";

const show = (value, digits) => (value === undefined ? "" : value.toFixed(digits));
const quoted = ["hello", "schema"];

export function readmeBlock({ http }) {
  const rows = http.flatMap((results) => {
    const node = results.environment.node.slice(1).split(".")[0];
    const scenarios = httpNumbers(results).filter(({ scenario }) => quoted.includes(scenario));
    return scenarios.flatMap(({ scenario, rows }) => {
      const ours = rows.find(({ peer }) => peer.name === "tenon");
      return ours === undefined ? [] : [cellsOf(node, scenario, rows, ours)];
    });
  });
  if (rows.length === 0) return [startMarker, "Not measured yet.", endMarker].join("\n");
  // A peer that no run of these has measured has no column.
  const table = [head, ...rows];
  const columns = head.map((_, column) => column).filter((column) => rows.some((cells) => cells[column] !== ""));
  const [first, ...others] = table.map((cells) => `| ${columns.map((column) => cells[column]).join(" | ")} |`);
  return [startMarker, first, `|${"---|".repeat(columns.length)}`, ...others, endMarker].join("\n");
}

const peerTitles = {
  tenon: "Tenon, traced",
  http: "bare node:http",
  fastify: "Fastify",
  express: "Express",
  elysia: "Elysia on Bun",
};
const head = ["CPU us per request", ...Object.values(peerTitles), "Tenon / Fastify"];

function cellsOf(node, scenario, rows, ours) {
  const cpuOf = (name) => show(rows.find(({ peer }) => peer.name === name)?.cpuMicros, 1);
  const cells = Object.keys(peerTitles).map(cpuOf);
  return [`${scenario}, Node ${node}`, ...cells, show(ratioTo(rows, ours, "fastify"), 2)];
}

/** The README with the block replaced; it must have both markers, in order. */
export function withBlock(readme, block) {
  const start = readme.indexOf(startMarker);
  const end = readme.indexOf(endMarker);
  if (start === -1 || end < start) throw new Error("README.md has no place for the performance figures");
  return readme.slice(0, start) + block + readme.slice(end + endMarker.length);
}
