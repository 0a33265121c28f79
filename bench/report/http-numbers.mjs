// The medians of one run of the HTTP bench, by scenario and peer: what the page and the README quote.
import { median } from "../harness/results.mjs";

const medianOf = (samples, read) => {
  const values = samples.map(read).filter((value) => typeof value === "number");
  return values.length === 0 ? undefined : median(values);
};

/** @returns {{ scenario: string, rows: object[] }[]} in the order in which they were measured */
export function httpNumbers({ samples, settings }) {
  const names = [...new Set(samples.map(({ scenario }) => scenario))];
  return names.map((scenario) => {
    const mine = samples.filter((sample) => sample.scenario === scenario);
    const rows = settings.peers
      .map((peer) =>
        rowOf(
          peer,
          mine.filter((sample) => sample.peer === peer.name),
        ),
      )
      .filter(({ requestsPerSecond }) => requestsPerSecond !== undefined);
    return { scenario, rows };
  });
}

function rowOf(peer, samples) {
  const maxima = samples.filter(({ kind }) => kind === "maximum");
  return {
    peer,
    rounds: maxima.length,
    requestsPerSecond: medianOf(maxima, (sample) => sample.requestsPerSecond),
    cpuMicros: medianOf(maxima, (sample) => sample.cpuMicrosPerRequest),
    startMs: medianOf(maxima, (sample) => sample.startMs),
    idleRssBytes: medianOf(maxima, (sample) => sample.idleRssBytes),
    loadedRssBytes: medianOf(maxima, (sample) => sample.loadedRssBytes),
    spansPerRequest: medianOf(maxima, (sample) => sample.spansPerRequest),
    common: latencyOf(samples, "common"),
    own: latencyOf(samples, "own"),
  };
}

function latencyOf(samples, load) {
  const mine = samples.filter((sample) => sample.kind === "latency" && sample.load === load);
  if (mine.length === 0) return undefined;
  return {
    ratePerSecond: mine[0].ratePerSecond,
    p50: medianOf(mine, ({ latencyMs }) => latencyMs.p50),
    p99: medianOf(mine, ({ latencyMs }) => latencyMs.p99),
    p999: medianOf(mine, ({ latencyMs }) => latencyMs.p999),
    // A generator without a pause measures itself.
    isBeyondGenerator: medianOf(mine, ({ generator }) => generator.busyShare) > 0.9,
  };
}

/** How a row stands to a peer of the same table in CPU time per request; undefined where one of them has none. */
export function ratioTo(rows, row, peerName) {
  const peer = rows.find((candidate) => candidate.peer.name === peerName);
  if (peer?.cpuMicros === undefined || row.cpuMicros === undefined) return undefined;
  return row.cpuMicros / peer.cpuMicros;
}
