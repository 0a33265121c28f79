// What a metric may be told when it is declared, and what its labels may be.

export interface MetricConfig {
  /** What is counted or measured, for whoever looks at it. */
  readonly description?: string;
  /** UCUM: "s" for seconds, "By" for bytes. */
  readonly unit?: string;
}

/** An object type with the names of the labels; values are written as text. */
export type LabelsOf<L> = Record<keyof L, string | number | boolean>;

export declare const contract: unique symbol;

/** Where the compiler reads the names of a group's labels; nothing is there at run time. */
export interface LabelContract<L> {
  readonly labels: L;
}
