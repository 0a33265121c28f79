// Writes results/REPORT.md, docs/performance.md with its charts, and the README's figures from the newest raw results of each area.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./harness/environment.mjs";
import { median, newestPerNode, newestResults, resultsDir } from "./harness/results.mjs";
import { performancePage } from "./report/performance-page.mjs";
import { readmeBlock, withBlock } from "./report/readme-block.mjs";

const areas = [
  {
    area: "compile",
    title: "Compiler",
    unit: "ms",
    value: (sample) => sample.ms,
    digits: 0,
    intro: ({ settings }) =>
      `${settings.services} services, ${settings.endpoints} endpoints. \`cold\` and \`unchanged\` count from the start of the process, ` +
      "the edits from the update to the written build.",
  },
  {
    area: "call",
    title: "Typed calls",
    unit: "us of CPU per call",
    value: (sample) => sample.cpuMicrosPerCall,
    digits: 2,
    intro: ({ settings }) =>
      `${settings.calls} calls a sample, one or sixteen at a time; CPU time of all service processes together. Tracing: ${settings.tracing}.`,
  },
  {
    area: "codecs",
    title: "Generated codecs",
    unit: "ns of CPU",
    value: (sample) => sample.nanos,
    digits: 0,
    intro: () =>
      "`hello`: a path parameter and a greeting; `schema`: query, header and body with optional fields and unions; `list`: 200 records with " +
      "dates, 50 KB as JSON; `item`: one of them. `baseline`: another checkout, whose emitted text is in the raw result.",
  },
  {
    area: "start",
    title: "Start: to the first answer",
    unit: "ms from the start of the process",
    value: (sample) => sample.startMs,
    digits: 0,
    intro: ({ environment }) =>
      `A built hello, ${environment.node}, each process with what earlier ones left in the caches of files and of compiled code.`,
  },
  {
    area: "start",
    title: "Start: idle memory",
    unit: "MiB resident",
    value: (sample) => sample.idleRssBytes / 2 ** 20,
    digits: 1,
    intro: ({ settings }) => `Half a second after the first answer; ${settings.note}.`,
  },
  {
    area: "typecheck",
    title: "Types of generated clients: instantiations",
    unit: "type instantiations of the whole check",
    value: (sample) => sample.instantiations,
    digits: 0,
    only: (name) => name !== "completion",
    intro: ({ settings }) =>
      `An app of ${settings.endpoints} endpoints with one consumer more; what a consumer costs is the difference to \`nothing\`. ` +
      "`one`, `ten`, `all`: calls to so many services through `~tenon/clients`; `front-end`: a call through the file that " +
      "`tenon gen client` writes, which holds all endpoints.",
  },
  {
    area: "typecheck",
    title: "Types of generated clients: completion",
    unit: "ms until an editor has the endpoints of a client",
    value: (sample) => sample.ms,
    digits: 1,
    only: (name) => name === "completion",
    intro: () => "After an edit, in the language service of TypeScript 6.",
  },
];

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
  "HTTP and calls against peers: [docs/performance.md](../../docs/performance.md).",
  "",
  ...areas.map(sectionOf),
];
writeFileSync(join(resultsDir, "REPORT.md"), text.join("\n"));
console.log(join(resultsDir, "REPORT.md"));

const peerResults = { http: newestPerNode("http"), rpc: newestPerNode("rpc") };
const page = performancePage(peerResults);
const chartsDir = join(root, "docs/performance");
rmSync(chartsDir, { recursive: true, force: true });
mkdirSync(chartsDir, { recursive: true });
writeFileSync(join(root, "docs/performance.md"), page.text);
for (const [file, svg] of page.charts) writeFileSync(join(chartsDir, file), svg);
const readmeFile = join(root, "README.md");
writeFileSync(readmeFile, withBlock(readFileSync(readmeFile, "utf8"), readmeBlock(peerResults)));
console.log(join(root, "docs/performance.md"));
