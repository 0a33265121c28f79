// `tenon/types`: types of values that JavaScript lacks.
export { Decimal, type ToDecimal } from "@tenon/runtime";
export type { Sensitive } from "./sensitive.ts";

type Unit = "h" | "m" | "s" | "ms" | "us" | "µs" | "ns";

/** A span of time as a number with a unit, or several: "90s", "1.5h", "1h30m". */
export type DurationString = `${number}${Unit}` | `${number}${Unit}${number}${string}`;
