// lambda.mjs, the same for every function: what it hosts is in the build beside it.

export const entryText = `// What AWS Lambda loads: the services of this package, started while the runtime waits.
import { createFunction } from "./runtime/main.js";

export const { handler, streamHandler } = await createFunction("lambda");
`;
