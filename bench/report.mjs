// Writes results/REPORT.md, docs/performance.md with its charts, and the README's figures from the newest raw results of each area.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./harness/environment.mjs";
import {
  fuzzResults,
  killsResults,
  median,
  newestPerNode,
  newestResults,
  newestScenarios,
  resultsDir,
} from "./harness/results.mjs";
import { areas } from "./report/areas.mjs";
import { performancePage } from "./report/performance-page.mjs";
import { readmeBlock, withBlock } from "./report/readme-block.mjs";

function sectionOf({ area, title, unit, value, digits, intro, only = () => true }) {
  const results = newestResults(area);
  if (results === undefined) return `## ${title}\n\nNot measured yet.\n`;
  const { environment: env, samples, takenAt } = results;
  const shown = Object.entries(samples).filter(([name]) => only(name));
  const rows = shown.map(([name, list]) => {
    const values = list.map(value);
    const show = (number) => number.toFixed(digits);
    return `| ${name} | ${show(median(values))} | ${show(Math.min(...values))} | ${show(Math.max(...values))} | ${values.length} |`;
  });
  return [
    `## ${title}`,
    "",
    intro(results),
    "",
    `| case | median, ${unit} | least | most | samples |`,
    "|---|---|---|---|---|",
    ...rows,
    "",
    `${takenAt}; ${env.cpu}, ${env.cores} cores, ${env.memoryGiB} GiB, ${env.system}; Node ${env.node}, Tenon ${env.tenon}, ` +
      `TypeScript ${env.typescript}, commit ${env.commit}${env.uncommittedChanges ? " with uncommitted changes" : ""}.`,
    "",
  ].join("\n");
}

const text = [
  "# Results",
  "",
  "Written by `npm run report`. Raw numbers are beside this file.",
  "",
  "HTTP, calls and messages against peers: [docs/performance.md](../../docs/performance.md).",
  "",
  ...areas.map(sectionOf),
];
writeFileSync(join(resultsDir, "REPORT.md"), text.join("\n"));
console.log(join(resultsDir, "REPORT.md"));

const endurance = { soak: newestResults("soak"), fuzz: fuzzResults(), kills: killsResults() };
const peerResults = {
  http: newestScenarios(),
  rpc: newestPerNode("rpc"),
  messages: newestPerNode("messages"),
  messagesAlone: newestPerNode("messages-alone"),
  start: newestResults("start"),
  ...endurance,
};
const page = performancePage(peerResults);
const chartsDir = join(root, "docs/performance");
rmSync(chartsDir, { recursive: true, force: true });
mkdirSync(chartsDir, { recursive: true });
writeFileSync(join(root, "docs/performance.md"), page.text);
for (const [file, svg] of page.charts) writeFileSync(join(chartsDir, file), svg);
const readmeFile = join(root, "README.md");
writeFileSync(readmeFile, withBlock(readFileSync(readmeFile, "utf8"), readmeBlock(peerResults)));
console.log(join(root, "docs/performance.md"));
