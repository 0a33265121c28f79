// index.js, the same for every function: what it hosts is in the build beside it.

export const entryText = `// What the functions framework loads: the services of this package.
import { createFunction } from "./runtime/main.js";

export const { http, events } = await createFunction("gcf");
`;
