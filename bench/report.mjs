// Writes results/REPORT.md from the newest raw results of each area.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { median, newestResults, resultsDir } from "./harness/results.mjs";

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
];

function sectionOf({ area, title, unit, value, digits, intro }) {
  const results = newestResults(area);
  if (results === undefined) return `## ${title}\n\nNot measured yet.\n`;
  const { environment: env, samples, takenAt } = results;
  const rows = Object.entries(samples).map(([name, list]) => {
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
  ...areas.map(sectionOf),
];
writeFileSync(join(resultsDir, "REPORT.md"), text.join("\n"));
console.log(join(resultsDir, "REPORT.md"));
