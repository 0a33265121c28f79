// An app as AWS Lambda functions, on the stand-in of that platform.
import { startFunctions } from "./app-in-functions.mjs";
import { startLambda } from "./lambda-platform.mjs";

const entry = `import { createFunction } from "./runtime/main.js";

export const { handler, streamHandler } = await createFunction("lambda");
`;

/** `door`: what is in front of the functions; `isStreaming`: their answers stream, which a function URL can do. */
export function startInLambda(appDir, { door = "url", isStreaming = false, ...options } = {}) {
  const handler = isStreaming ? "lambda.streamHandler" : "lambda.handler";
  const platform = {
    file: "lambda.mjs",
    start: ({ dir, env, name }) =>
      startLambda({ dir, env, handler, door: name === "gateway" || name === "app" ? door : "url" }),
  };
  return startFunctions(appDir, entry, platform, options);
}
