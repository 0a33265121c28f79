// Durations as people write them: "1h30m", "500ms", "90s". One reader for schedules, retry policies and expiries.

type Unit = "ns" | "us" | "µs" | "ms" | "s" | "m" | "h" | "d";

/** One or several numbers with a unit each: "1h30m". Units: ns, us, ms, s, m, h, d. */
export type DurationString =
  | `${number}${Unit}`
  | `${number}${Unit}${number}${Unit}`
  | `${number}${Unit}${number}${Unit}${number}${Unit}`;

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds, with fractions; null when the text is no duration. */
export function parseDurationMs(text: string): number | null {
  const part = /(\d+(?:\.\d+)?)(ns|us|µs|μs|ms|s|m|h|d)/y;
  let totalMs = 0;
  while (part.lastIndex < text.length) {
    const match = part.exec(text);
    if (match === null) return null;
    totalMs += Number(match[1]) * unitMs[match[2]!]!;
  }
  return text === "" ? null : totalMs;
}
