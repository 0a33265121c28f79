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
      return ours === undefined ? [] : [rowText(node, scenario, rows, ours)];
    });
  });
  if (rows.length === 0) return [startMarker, "Not measured yet.", endMarker].join("\n");
  const head =
    "| CPU us per request | Tenon, traced | bare node:http | Fastify | Express | Elysia on Bun | Tenon / Fastify |";
  return [startMarker, head, `|${"---|".repeat(7)}`, ...rows, endMarker].join("\n");
}

function rowText(node, scenario, rows, ours) {
  const cpuOf = (name) => show(rows.find(({ peer }) => peer.name === name)?.cpuMicros, 1);
  const cells = ["tenon", "http", "fastify", "express", "elysia"].map(cpuOf);
  return `| ${scenario}, Node ${node} | ${cells.join(" | ")} | ${show(ratioTo(rows, ours, "fastify"), 2)} |`;
}

/** The README with the block replaced; it must have both markers, in order. */
export function withBlock(readme, block) {
  const start = readme.indexOf(startMarker);
  const end = readme.indexOf(endMarker);
  if (start === -1 || end < start) throw new Error("README.md has no place for the performance figures");
  return readme.slice(0, start) + block + readme.slice(end + endMarker.length);
}
