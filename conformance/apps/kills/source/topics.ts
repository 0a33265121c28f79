// What the publishers tell: notes in no order, moves in the order of their key, payments in the order of their account.
import { type Attribute, Topic } from "tenon/pubsub";

export interface Note {
  token: string;
  /** Its handler fails every time. */
  isPoison: boolean;
  /** How long its handler takes. */
  holdMs: number;
}

export interface Move extends Note {
  key: Attribute<string>;
}

export interface Payment {
  token: string;
  account: Attribute<string>;
}

export const notes = new Topic<Note>("notes", { deliveryGuarantee: "at-least-once" });

export const moves = new Topic<Move>("moves", { deliveryGuarantee: "at-least-once", orderingAttribute: "key" });

/** Published in transactions only. */
export const payments = new Topic<Payment>("payments", {
  deliveryGuarantee: "at-least-once",
  orderingAttribute: "account",
});
