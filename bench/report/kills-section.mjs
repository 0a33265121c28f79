// The part of the performance page about messages that survive kills: what was killed on each engine, and what the checker found.

const number = new Intl.NumberFormat("en-US");
const order = ["postgres", "nats", "redis"];

/** @returns {string[]} nothing where nothing has been run */
export function killsSection(runs) {
  if (runs.length === 0) return [];
  const rows = runs.toSorted((a, b) => order.indexOf(a.engine) - order.indexOf(b.engine)).map(rowOf);
  return [
    "## Messages through kills",
    "",
    "Publishers, the relay of the outbox, consumers, the engine and the databases of an app under load, killed with SIGKILL at random points, often two or",
    "three at once. Afterwards every acknowledged message has to be handled or a dead letter, every committed payment booked exactly once, and every key in",
    "order; anything else is a violation. `npm run kills` in `bench/`; seeds and rounds are in `bench/results`.",
    "",
    "| engine | kills | of which | acknowledged | handled again | dead letters | violations | |",
    "|---|---|---|---|---|---|---|---|",
    ...rows,
    "",
  ];
}

function rowOf({ engine, rounds, environment }) {
  const sum = (count) => rounds.reduce((total, round) => total + (count(round) ?? 0), 0);
  const roles = [...new Set(rounds.flatMap(({ kills }) => Object.keys(kills)))].sort();
  const byRole = roles.map((role) => `${role} ${number.format(sum(({ kills }) => kills[role]))}`).join(", ");
  const kills = sum((round) => Object.values(round.kills).reduce((total, count) => total + count, 0));
  const counts = [
    sum((round) => round.counts.acknowledged),
    sum((round) => round.counts.handledAgain),
    sum((round) => round.counts.deadLetters),
    sum((round) => round.violations.length),
  ].map((count) => number.format(count));
  const taken = `${rounds.at(-1)?.takenAt.slice(0, 10)}, Node ${environment.node}, commit ${environment.commit}`;
  return `| ${engine} | ${number.format(kills)} | ${byRole} | ${counts.join(" | ")} | ${taken} |`;
}
