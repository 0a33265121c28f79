// What can be set about orders without a change of code: in orders/config.json, in orders/config.production.json, or by a variable
// such as TENON_CONFIG_ORDERS_MAX_TOTAL_CENTS_STANDARD.
import { config } from "tenon/config";
import type { IsInteger, Min } from "tenon/validate";
import type { Cents } from "../shared/amounts.ts";

interface Settings {
  /** What a customer may spend in one order. */
  maxTotalCents: { standard: Cents; premium: Cents };
  /** After that a pending order is cancelled. */
  payWithinMinutes: number & IsInteger & Min<1>;
  /** How often an order is looked at for those who watch it. */
  watchIntervalMs: number & Min<10>;
}

export const settings = config<Settings>({
  defaults: { maxTotalCents: { standard: 50_000, premium: 500_000 }, payWithinMinutes: 15, watchIntervalMs: 500 },
});
