// The part of the performance page about messages.
import { median } from "../harness/results.mjs";

const titles = { tenon: "Tenon", "pg-boss": "pg-boss", "graphile-worker": "graphile-worker" };

/** What each figure of a sample is called, and with how many digits it is shown. */
const figures = {
  perSecond: { title: "messages per second", digits: 0, isRate: true },
  processMicros: { title: "CPU us per message, processes", digits: 0 },
  serverMicros: { title: "CPU us per message, PostgreSQL", digits: 0 },
  p50Ms: { title: "p50, ms", digits: 1 },
  p99Ms: { title: "p99, ms", digits: 1 },
  processShare: { title: "% of a core, process", digits: 2, factor: 100 },
  serverShare: { title: "% of a core, PostgreSQL", digits: 2, factor: 100 },
};

/** `alone`: a run of Tenon alone on the same Node, with the whole backlog. */
export function messagesSection({ takenAt, environment: env, samples, settings }, alone) {
  const keys = Object.keys(samples).map((key) => key.split(" | "));
  const peers = [...new Set(keys.map(([, peer]) => peer))];
  const rows = [...new Set(keys.map(([scenario]) => scenario))].flatMap((scenario) =>
    rowsOf(scenario, peers, samples, settings),
  );
  return [
    `## Messages, Node ${env.node.slice(1).split(".")[0]}`,
    "",
    "Through one PostgreSQL, each message published by one process and handled by another, a hundred at once where there are as many. " +
      `Of each peer the settings that its documentation names for throughput. fsync: ${settings.fsync}. Tracing: ${settings.tracing}.`,
    "",
    `| | | ${peers.map((peer) => titles[peer] ?? peer).join(" | ")} |`,
    `|---|---|${peers.map(() => "---").join("|")}|`,
    ...rows,
    "",
    backlogText(alone ?? { samples, settings }),
    "",
    `${takenAt}; ${settings.rounds} rounds${settings.quick ? ", quick" : ""}, PostgreSQL ${settings.postgres}, commit ${env.commit}${env.uncommittedChanges ? " with uncommitted changes" : ""}.`,
    "",
  ].join("\n");
}

function rowsOf(scenario, peers, samples, settings) {
  const list = peers.map((peer) => samples[`${scenario} | ${peer}`] ?? []);
  const names = Object.keys(figures).filter((name) => list.some((some) => some[0]?.[name] !== undefined));
  return names.map((name, index) => {
    const { title, digits, isRate, factor = 1 } = figures[name];
    const values = list.map((some) => (some.length === 0 ? undefined : median(some.map((one) => one[name])) * factor));
    const cells = values.map((value) => {
      if (value === undefined) return "";
      const ratio =
        isRate && values[0] !== undefined && value !== values[0] ? ` (${(values[0] / value).toFixed(1)})` : "";
      return value.toFixed(digits) + ratio;
    });
    return `| ${index === 0 ? titleOf(scenario, settings) : ""} | ${title} | ${cells.join(" | ")} |`;
  });
}

/** Quick runs have a smaller backlog than the name of the scenario says. */
function titleOf(scenario, { quick }) {
  return quick ? scenario.replace("2 million", "0.8 million") : scenario;
}

/** How its rate compares to that of few messages. */
function backlogText({ samples, settings }) {
  const rateOf = (scenario) => {
    const list = samples[`${scenario} | tenon`];
    return list && median(list.map(({ perSecond }) => perSecond));
  };
  const [many, few] = [rateOf("consume 2 million"), rateOf("consume")];
  const title = titleOf("a backlog of 2 million", settings);
  return many === undefined || few === undefined
    ? `Consuming ${title}: not measured.`
    : `Consuming ${title}: ${many.toFixed(0)} a second, ${((many / few) * 100).toFixed(0)} % of the ${few.toFixed(0)} of \`consume\` in the same run.`;
}
