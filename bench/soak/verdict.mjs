// Whether memory stayed flat: the line of least squares through the last two thirds of the samples, and how far it rises over them.

/** What may come from the garbage collector and the allocator having their own ideas. */
const ALLOWED = { heapUsed: 0.05, rss: 0.1, external: 0.1 };
const ALLOWED_BYTES = 2 * 1024 * 1024;
/** The first third belongs to the compiler of JavaScript and to caches that fill. */
const FIRST_PART = 1 / 3;

/** @param {{ atMs: number, heapUsed: number, rss: number, external: number, sockets: number }[]} samples */
export function judge(samples) {
  const settled = samples.slice(Math.floor(samples.length * FIRST_PART));
  const verdict = { isFlat: settled.length >= 6, fromMs: settled[0]?.atMs ?? 0, growth: {} };
  for (const [name, allowed] of Object.entries(ALLOWED)) {
    const growth = growthOf(settled, name);
    const allowedBytes = Math.max(ALLOWED_BYTES, allowed * growth.startBytes);
    verdict.growth[name] = { ...growth, allowedBytes };
    if (growth.bytes > allowedBytes) verdict.isFlat = false;
  }
  return verdict;
}

function growthOf(samples, name) {
  const count = samples.length;
  const meanX = samples.reduce((sum, { atMs }) => sum + atMs, 0) / count;
  const meanY = samples.reduce((sum, sample) => sum + sample[name], 0) / count;
  let covariance = 0;
  let variance = 0;
  for (const sample of samples) {
    covariance += (sample.atMs - meanX) * (sample[name] - meanY);
    variance += (sample.atMs - meanX) ** 2;
  }
  const perMs = variance === 0 ? 0 : covariance / variance;
  const [firstMs, lastMs] = [samples[0]?.atMs ?? 0, samples.at(-1)?.atMs ?? 0];
  return {
    startBytes: meanY + perMs * (firstMs - meanX),
    bytes: perMs * (lastMs - firstMs),
    bytesPerHour: perMs * 3_600_000,
  };
}
