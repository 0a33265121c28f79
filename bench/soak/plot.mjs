// Draws the samples of a soak as one SVG: resident memory, heap and external memory over time.

const WIDTH = 900;
const HEIGHT = 380;
const LEFT = 70;
const BOTTOM = 40;
const TOP = 40;
const RIGHT = 120;
const MIB = 1024 * 1024;
const lines = [
  ["rss", "resident", "#1f6feb"],
  ["heapUsed", "heap in use", "#cf222e"],
  ["external", "external", "#2da44e"],
];

/** @param {{ atMs: number, rss: number, heapUsed: number, external: number }[]} samples @param {string} title */
export function plotSamples(samples, title) {
  const endMs = Math.max(1, samples.at(-1)?.atMs ?? 1);
  const highest = Math.max(...samples.map(({ rss }) => rss), MIB);
  const topMib = Math.ceil(highest / MIB / 50) * 50;
  const x = (atMs) => (LEFT + (atMs / endMs) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const y = (bytes) => (HEIGHT - BOTTOM - (bytes / MIB / topMib) * (HEIGHT - BOTTOM - TOP)).toFixed(1);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${title}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<text x="${LEFT}" y="22" font-size="14">${title}</text>`,
  ];
  for (let mib = 0; mib <= topMib; mib += 50) {
    parts.push(`<path d="M${LEFT} ${y(mib * MIB)}H${WIDTH - RIGHT}" stroke="#d8dee4"/>`);
    parts.push(`<text x="${LEFT - 8}" y="${Number(y(mib * MIB)) + 4}" text-anchor="end">${mib} MiB</text>`);
  }
  for (let part = 0; part <= 6; part++) {
    const atMs = (endMs * part) / 6;
    parts.push(`<text x="${x(atMs)}" y="${HEIGHT - 16}" text-anchor="middle">${(atMs / 60_000).toFixed(1)} min</text>`);
  }
  for (const [name, label, colour] of lines) {
    const points = samples.map((sample) => `${x(sample.atMs)},${y(sample[name])}`).join(" ");
    parts.push(`<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="1.5"/>`);
    const last = samples.at(-1);
    if (last !== undefined)
      parts.push(`<text x="${WIDTH - RIGHT + 8}" y="${y(last[name])}" fill="${colour}">${label}</text>`);
  }
  return `${parts.join("\n")}\n</svg>\n`;
}
