// The part of the performance page about what speed must not cost: the fuzzing of the reader of requests, and memory over time.
import { plotSamples } from "../soak/plot.mjs";

const number = new Intl.NumberFormat("en-US");
const mib = (bytes) => (bytes / 2 ** 20).toFixed(1);

/** @returns {{ text: string[], charts: Map<string, string> }} nothing where nothing has been run */
export function enduranceSection({ soak, fuzz }) {
  const charts = new Map();
  const text = fuzz.length === 0 && soak === undefined ? [] : ["## What speed must not cost", ""];
  if (fuzz.length > 0) text.push(...fuzzText(fuzz));
  if (soak !== undefined) {
    text.push(...soakText(soak));
    charts.set("soak.svg", plotSamples(soak.samples, "Memory of one process under mixed load"));
  }
  return { text, charts };
}

function fuzzText(runs) {
  const rows = runs.map(({ node, takenAt, counts, findingCount }) => {
    const { verdicts } = counts;
    const explained = Object.keys(verdicts).filter((kind) => kind.startsWith("explained"));
    const sum = (kinds) => kinds.reduce((total, kind) => total + (verdicts[kind] ?? 0), 0);
    const cells = [
      counts.inputs,
      counts.splits,
      sum(["same", "later"]),
      sum(["stricter"]),
      sum(["left to node"]),
      sum(explained),
      findingCount,
    ];
    return `| ${node} | ${cells.map((count) => number.format(count)).join(" | ")} | ${takenAt.slice(0, 10)} |`;
  });
  return [
    "Mutated requests, read by the fast lane and by `node:http` of the version named, and once more in two pieces for every place to cut them.",
    "Understood otherwise, or taken though `node:http` refuses: a finding. Rules and the one exception are in [http.md](reference/http.md).",
    "",
    "| Node | requests | cuts | the same | refused by a rule of ours | left to `node:http` | explained | findings | |",
    "|---|---|---|---|---|---|---|---|---|",
    ...rows,
    "",
  ];
}

function soakText({ takenAt, environment: env, settings, samples }) {
  const { verdict, counts, failure } = settings;
  const minutes = Math.round(samples.at(-1).atMs / 60_000);
  const actions = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const { heapUsed, rss } = verdict.growth;
  return [
    `A process with tracing on for ${minutes} minutes under ${number.format(actions)} actions of ${Object.keys(counts).length} kinds: typed and raw requests,`,
    "errors, streams, chunks, pipelining, and clients that leave in the middle of everything. Over the last two thirds the line through the heap",
    `(after collection) went from ${mib(heapUsed.startBytes)} to ${mib(heapUsed.startBytes + heapUsed.bytes)} MiB, through resident memory from ${mib(rss.startBytes)} to ` +
      `${mib(rss.startBytes + rss.bytes)} MiB: ${verdict.isFlat ? "flat" : "**growing**"}.${failure === null ? "" : ` It ended early: ${failure}.`}`,
    "",
    "![Memory over time](performance/soak.svg)",
    "",
    `${takenAt}; Node ${env.node}, commit ${env.commit}${env.uncommittedChanges ? " with uncommitted changes" : ""}.`,
    "",
  ];
}
