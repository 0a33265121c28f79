// What can be set about products without a change of code: in products/config.json or by TENON_CONFIG_PRODUCTS_RESERVATION_MINUTES.
import { config } from "tenon/config";
import type { IsInteger, Min } from "tenon/validate";

interface Settings {
  /** For how long stock waits for its order. */
  reservationMinutes: number & IsInteger & Min<1>;
}

export const settings = config<Settings>({ defaults: { reservationMinutes: 15 } });
