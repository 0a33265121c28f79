// Who a bearer token stands for: the same look-up in every peer.
/** @type {Map<string, string>} */
export const userOfToken = new Map(Array.from({ length: 1_000 }, (_, index) => [`token-${index}`, `user-${index}`]));
