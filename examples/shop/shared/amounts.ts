// Amounts that every service of the shop counts in the same way.
import type { IsInteger, Max, Min } from "tenon/validate";

/** How many there are of something, from none to what its column holds. */
export type Count = number & IsInteger & Min<0> & Max<2_147_483_647>;

/** An amount of money, in whole cents. */
export type Cents = Count;

/** How many of a product are in one line of an order. */
export type Quantity = number & IsInteger & Min<1> & Max<1_000>;
