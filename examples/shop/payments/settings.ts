// What can be set about payments without a change of code: in payments/config.json or by TENON_CONFIG_PAYMENTS_CARD_LIMIT_CENTS.
import { config } from "tenon/config";
import type { Cents } from "../shared/amounts.ts";

interface Settings {
  /** More than this is refused, as a bank would. */
  cardLimitCents: Cents;
}

export const settings = config<Settings>({ defaults: { cardLimitCents: 100_000 } });
