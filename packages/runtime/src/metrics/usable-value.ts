// Values that no metric can take are left out with a warning: nothing that is counted is worth the request it is about.
import { warnRarely } from "../telemetry/warn-rarely.ts";

export function isUsable(metric: string, value: number): boolean {
  if (Number.isFinite(value)) return true;
  warnRarely("a metric was given something else than a finite number; it is left out", { metric, value });
  return false;
}

/** A counter that went down would be taken for one of a restarted process. */
export function isGrowth(metric: string, value: number): boolean {
  if (value >= 0) return isUsable(metric, value);
  warnRarely("a counter was told to count down; it is left as it was", { metric, value });
  return false;
}
