/** Kinds of streams that the middleware met, in order. */
export const streams: string[] = [];
