// Kills at scale: `run.mjs --engine postgres|nats|redis [--kills 1000] [--seed N] [--round 50] [--pause 40]`. Plays rounds until there were so
// many kills in all and keeps the totals in results/kills-<engine>.json after each; interrupted, it goes on from there. A violation ends it
// with 1 and leaves histories and logs where it says.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Random } from "../../conformance/kills/random.mjs";
import { playRound } from "../../conformance/kills/round.mjs";
import { Stage } from "../../conformance/kills/stage.mjs";
import { describeEnvironment } from "../harness/environment.mjs";
import { resultsDir } from "../harness/results.mjs";

const { values } = parseArgs({
  options: {
    engine: { type: "string", default: "postgres" },
    kills: { type: "string", default: "1000" },
    seed: { type: "string" },
    round: { type: "string", default: "50" },
    pause: { type: "string", default: "40" },
    fresh: { type: "boolean", default: false },
  },
});
mkdirSync(resultsDir, { recursive: true });
const file = join(resultsDir, `kills-${values.engine}.json`);
const results = readTotals();
const wanted = Number(values.kills);
let isStopping = false;
process.once("SIGINT", () => {
  isStopping = true;
  console.log("stopping after this round");
});

console.log(`${values.engine}: ${killsIn(results.rounds)} of ${wanted} kills so far, seed ${results.seed}`);
if (killsIn(results.rounds) < wanted) await play();

async function play() {
  const stage = await Stage.open({ engine: values.engine });
  console.log(`histories and logs: ${stage.dirs.join(", ")}`);
  let isClean = true;
  try {
    while (isClean && !isStopping && killsIn(results.rounds) < wanted) isClean = await playOne(stage);
  } catch (error) {
    isClean = false;
    throw error;
  } finally {
    await stage.close({ keep: !isClean });
  }
  if (!isClean) process.exitCode = 1;
}

/** Whether nothing was wrong. */
async function playOne(stage) {
  const number = results.rounds.length + 1;
  const random = new Random(`${results.seed} ${number}`);
  const kills = Math.min(Number(values.round), wanted - killsIn(results.rounds));
  const round = await playRound(stage, { name: `r${number}`, kills, random, pauseMs: Number(values.pause) });
  results.rounds.push({ number, takenAt: new Date().toISOString(), ...round });
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  const { acknowledged, handledAgain, deadLetters } = round.counts;
  console.log(
    `round ${number}: ${killsIn([round])} kills ${JSON.stringify(round.kills)} in ${Math.round(round.tookMs / 1000)} s, ` +
      `${acknowledged} acknowledged, ${handledAgain} handled again, ${deadLetters} dead letters, ${round.violations.length} violations`,
  );
  for (const { kind, text, around } of round.violations.slice(0, 5)) {
    console.log(`${kind}: ${text}\n${around.map((event) => `  ${JSON.stringify(event)}`).join("\n")}`);
  }
  return round.violations.length === 0;
}

function readTotals() {
  const seed = values.seed === undefined ? Date.now() : Number(values.seed);
  const fresh = { area: "kills", engine: values.engine, seed, environment: describeEnvironment(), rounds: [] };
  if (values.fresh) return fresh;
  try {
    const found = JSON.parse(readFileSync(file, "utf8"));
    return values.seed === undefined || found.seed === seed ? found : fresh;
  } catch (error) {
    if (error.code === "ENOENT") return fresh;
    throw error;
  }
}

function killsIn(rounds) {
  return rounds.flatMap(({ kills }) => Object.values(kills)).reduce((sum, count) => sum + count, 0);
}
