// A sorted set: the score of each member, and all of them in order.

export type Scored = readonly [member: string, score: number];

/** By score, and by bytes where that is the same. */
export class Scores extends Map<string, number> {
  readonly #order: Scored[] = [];

  get order(): readonly Scored[] {
    return this.#order;
  }

  /** The position in the order; undefined: it is no member. */
  rank(member: string): number | undefined {
    const score = this.get(member);
    return score === undefined ? undefined : this.#place(member, score);
  }

  override set(member: string, score: number): this {
    this.delete(member);
    this.#order.splice(this.#place(member, score), 0, [member, score]);
    return super.set(member, score);
  }

  override delete(member: string): boolean {
    const score = this.get(member);
    if (score !== undefined) this.#order.splice(this.#place(member, score), 1);
    return super.delete(member);
  }

  /** Where it is, or would be. */
  #place(member: string, score: number): number {
    let from = 0;
    let to = this.#order.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const [otherMember, otherScore] = this.#order[middle]!;
      const isBefore = otherScore < score || (otherScore === score && otherMember < member);
      if (isBefore) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
