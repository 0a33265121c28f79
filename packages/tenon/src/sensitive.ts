// `Sensitive<T>`, from `tenon/api` and `tenon/types`: values that are nobody's business but the program's.

declare const sensitive: unique symbol;

/**
 * A field whose values are kept out of logs and traces: `password: Sensitive<string>`. Plain values are assignable to it, and it travels
 * as any other. Fields are told by their name: one that is declared so anywhere in the app is hidden everywhere in it.
 */
export type Sensitive<T> = T & { readonly [sensitive]?: true };
