// Durations for people: three significant digits and a unit that fits.

/** "420 µs", "4.21 ms", "42.1 ms", "421 ms", "4.21 s", "1 min 12 s". */
export function formatDuration(durationMs: number): string {
  if (!(durationMs > 0)) return "0 ms";
  const micros = Math.round(durationMs * 1000);
  if (micros < 1000) return `${Math.max(micros, 1)} µs`;
  if (durationMs < 999.5) return `${threeDigits(durationMs)} ms`;
  const seconds = durationMs / 1000;
  if (seconds < 59.95) return `${threeDigits(seconds)} s`;
  const whole = Math.round(seconds);
  const rest = whole % 60;
  return rest === 0 ? `${Math.floor(whole / 60)} min` : `${Math.floor(whole / 60)} min ${rest} s`;
}

function threeDigits(value: number): string {
  if (value < 9.995) return value.toFixed(2);
  if (value < 99.95) return value.toFixed(1);
  return value.toFixed(0);
}
