// A list of origins as settings name them: exact ones, with one "*" in place of some characters, or "*" for all.

export class OriginSet {
  private readonly isAll: boolean;
  private readonly exact: ReadonlySet<string>;
  private readonly patterns: readonly { readonly prefix: string; readonly suffix: string }[];

  constructor(origins: readonly string[]) {
    const written = origins.map((origin) => origin.toLowerCase());
    this.isAll = written.includes("*");
    this.exact = new Set(written.filter((origin) => !origin.includes("*")));
    this.patterns = written
      .filter((origin) => origin.includes("*"))
      .map((origin) => {
        const at = origin.indexOf("*");
        return { prefix: origin.slice(0, at), suffix: origin.slice(at + 1) };
      });
  }

  /** `origin`: as a browser sends it. */
  has(origin: string): boolean {
    if (this.isAll) return true;
    const given = origin.toLowerCase();
    if (this.exact.has(given)) return true;
    return this.patterns.some(
      ({ prefix, suffix }) =>
        // At least one character for the star.
        given.length > prefix.length + suffix.length && given.startsWith(prefix) && given.endsWith(suffix),
    );
  }
}
