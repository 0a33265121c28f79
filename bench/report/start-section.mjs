// The part of the performance page about starting: a built hello against a bare node:http script.
import { median } from "../harness/results.mjs";

const fields = [
  ["first answer, ms", "startMs", 1],
  ["CPU until then, ms", "startCpuMs", 1],
  ["idle, MiB", "idleRssBytes", 2 ** 20],
  ["after load, MiB", "loadedRssBytes", 2 ** 20],
];

/** Nothing when it has not been measured. */
export function startSection(results) {
  if (results === undefined) return [];
  const { takenAt, environment: env, samples, settings } = results;
  const of = (name, field) => median(samples[name].map((sample) => sample[field]));
  const rows = Object.keys(samples).map((name) => {
    const cells = fields.map(([, field, unit]) => {
      const ratio = of(name, field) / of("node:http", field);
      return `${(of(name, field) / unit).toFixed(1)} (${ratio.toFixed(2)})`;
    });
    return `| ${name} | ${cells.join(" | ")} |`;
  });
  return [
    "## Start and memory of a hello",
    "",
    `A built app of one endpoint against a bare \`node:http\` script, ratio in brackets; after load: after ${settings.loadedRequests} requests. ` +
      `Tracing: ${settings.tracing}${settings.note === undefined ? "" : `; ${settings.note}`}.`,
    "",
    `| | ${fields.map(([title]) => title).join(" | ")} |`,
    `|${"---|".repeat(fields.length + 1)}`,
    ...rows,
    "",
    `${takenAt}; Node ${env.node}, commit ${env.commit}${env.uncommittedChanges ? " with uncommitted changes" : ""}.`,
    "",
  ];
}
