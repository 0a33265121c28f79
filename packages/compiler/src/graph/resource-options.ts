// What the checker said about the arguments of a resource, found by their place in the source.
import type { Expression } from "../discover/declarations.ts";
import type { Found } from "../discover/discover.ts";
import { evaluateOptions, type Known, leavesOf, type Located } from "../schema/option-value.ts";
import type { Reference, UnitResult } from "../schema/unit.ts";

export class ResourceOptions {
  readonly #leaves: readonly Expression[];
  readonly #result: UnitResult;
  readonly #arguments: Found<"resource">["declaration"]["arguments"];

  constructor({ declaration }: Found<"resource">, result: UnitResult) {
    this.#arguments = declaration.arguments;
    this.#leaves = declaration.arguments.flatMap(leavesOf);
    this.#result = result;
  }

  /** The nth argument as an object; null: there is none, or its names are not known; undefined entries are left out. */
  object(index: number): ReadonlyMap<string, Located> | null {
    const argument = this.#arguments[index];
    return argument == null ? null : evaluateOptions(argument, (leaf) => this.known(leaf));
  }

  /** How the value of an option is written, when the argument is written as an object. */
  written(index: number, key: string): Expression | null {
    const argument = this.#arguments[index];
    if (argument?.kind !== "object") return null;
    const entry = argument.entries.findLast((one) => one.kind === "property" && one.key === key);
    return entry?.node ?? null;
  }

  known(leaf: Expression): Known {
    return this.#result.values[this.#leaves.indexOf(leaf)] ?? null;
  }

  /** Where that is declared which a name stands for; null for anything else. */
  reference(leaf: Expression): Reference | null {
    return this.#result.references[this.#leaves.indexOf(leaf)] ?? null;
  }
}
