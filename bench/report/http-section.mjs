// The part of the performance page about one run of the HTTP bench: a table and a chart per scenario, and what the runs tell besides.
import { scenarios } from "../http/scenarios.mjs";
import { barChart } from "./bar-chart.mjs";
import { httpNumbers, ratioTo } from "./http-numbers.mjs";

const isOurs = ({ name }) => name.startsWith("tenon");
const show = (value, digits) => (value === undefined ? "" : value.toFixed(digits));
const mebibytes = (bytes) => show(bytes / 2 ** 20, 0);

function showLatency(load) {
  if (load === undefined) return "";
  if (load.isBeyondGenerator) return `${load.ratePerSecond}/s: more than the generator makes`;
  return `${show(load.p50, 2)} / ${show(load.p99, 2)} / ${show(load.p999, 2)}`;
}

/** @returns {{ text: string, charts: Map<string, string> }} charts by file name */
export function httpSection(results) {
  const major = results.environment.node.slice(1).split(".")[0];
  const numbers = httpNumbers(results);
  const charts = new Map();
  const parts = numbers.map(({ scenario, rows }) => {
    const file = `node${major}-${scenario}.svg`;
    charts.set(file, chartOf(scenario, rows, major));
    return scenarioText(scenario, rows, file);
  });
  const text = [
    `## Node ${major}${results.isOlder ? ", measured before" : ""}`,
    "",
    environmentText(results),
    "",
    ...parts,
    ...besidesText(numbers),
    ...refusedText(results.settings),
  ].join("\n");
  return { text, charts };
}

function chartOf(scenario, rows, major) {
  const bars = rows
    .filter(({ cpuMicros }) => cpuMicros !== undefined)
    .sort((a, b) => a.cpuMicros - b.cpuMicros)
    .map(({ peer, cpuMicros }) => ({
      label: peer.title,
      value: cpuMicros,
      text: `${show(cpuMicros, 1)} us`,
      isOurs: isOurs(peer),
    }));
  return barChart({
    title: `${scenarios[scenario].title}: CPU time per request, less is better (Node ${major})`,
    bars,
  });
}

function scenarioText(scenario, rows, file) {
  const { title, about } = scenarios[scenario];
  const withLatency = rows.some(({ common }) => common !== undefined);
  const rate = rows.find(({ common }) => common !== undefined)?.common.ratePerSecond;
  const head = ["", "version", "requests/s", "CPU us", "of Fastify", "of node:http", "of Elysia"];
  if (withLatency) head.push(`ms at ${rate}/s`, "ms at 70 % of its maximum");
  const lines = rows.map((row) => {
    const cells = [
      row.peer.title,
      row.peer.version,
      show(row.requestsPerSecond, 0),
      show(row.cpuMicros, 1),
      show(ratioTo(rows, row, "fastify"), 2),
      show(ratioTo(rows, row, "http"), 2),
      show(ratioTo(rows, row, "elysia"), 2),
    ];
    if (withLatency) cells.push(showLatency(row.common), showLatency(row.own));
    return `| ${cells.join(" | ")} |`;
  });
  return [
    `### ${title}`,
    "",
    `${about}.`,
    "",
    `![${title}: CPU time per request](performance/${file})`,
    "",
    `| ${head.join(" | ")} |`,
    `|${head.map(() => "---").join("|")}|`,
    ...lines,
    "",
  ].join("\n");
}

export function environmentText({ takenAt, environment: env, settings }) {
  return (
    `${env.cpu}, ${env.cores} cores, ${env.memoryGiB} GiB, ${env.system}; Node ${env.node}, Tenon ${env.tenon}, commit ${env.commit}` +
    `${env.uncommittedChanges ? " with uncommitted changes" : ""}; ${takenAt}. ${settings.rounds} rounds of ${settings.seconds} s after ` +
    `${settings.warmUpSeconds} s of warm-up (${settings.otherRounds} where no latency is given; latency: ${settings.latencyRounds}), ${settings.connections} connections, load by ${settings.generator}.`
  );
}

/** What the scenarios tell besides: the price of tracing, what arrived of it, workers, start and memory. */
function besidesText(numbers) {
  if (numbers.length === 0) return [];
  const lines = numbers.flatMap(tracingLines);
  const [{ rows }] = numbers;
  const one = rowOf(rows, "tenon");
  const two = rowOf(rows, "tenon-2");
  if (one !== undefined && two !== undefined) {
    const times = show(two.requestsPerSecond / one.requestsPerSecond, 2);
    lines.push(
      `- Two workers serve ${times} times what one serves; they and the load generator share the machine's cores.`,
    );
  }
  return [...lines, "", memoryText(rows)];
}

const rowOf = (rows, name) => rows.find(({ peer }) => peer.name === name);

function tracingLines({ scenario, rows }) {
  const traced = rowOf(rows, "tenon");
  const untraced = rowOf(rows, "tenon-untraced");
  if (traced?.cpuMicros === undefined || untraced?.cpuMicros === undefined) return [];
  const share = show((1 - untraced.cpuMicros / traced.cpuMicros) * 100, 0);
  return [
    `- Tracing is ${share} % of a request of ${scenario}; the collector received ${show(traced.spansPerRequest, 2)} spans per request.`,
  ];
}

function memoryText(rows) {
  const known = rows.filter(({ startMs }) => startMs !== undefined);
  const lines = known.map(
    ({ peer, startMs, idleRssBytes, loadedRssBytes }) =>
      `| ${peer.title} | ${show(startMs, 0)} | ${mebibytes(idleRssBytes)} | ${mebibytes(loadedRssBytes)} |`,
  );
  return [
    "### Start and memory",
    "",
    "The whole app with all scenarios, from starting the process to its first answer; resident memory before and after the load.",
    "",
    "| | ms to the first answer | MiB idle | MiB after load |",
    "|---|---|---|---|",
    ...lines,
    "",
  ].join("\n");
}

function refusedText({ refused, failures }) {
  const lines = refused.map(
    ({ peer, scenario, differences }) => `- ${peer} was refused in ${scenario}: ${differences.join("; ")}`,
  );
  lines.push(
    ...failures.map(
      ({ peer, scenario, kind, error }) => `- ${peer} failed in ${scenario} (${kind}): ${error.split("\n")[0]}`,
    ),
  );
  return lines.length === 0 ? [] : ["### Not measured", "", ...lines, ""];
}
