// An app as AWS Lambda functions, on the stand-in of that platform.
import { join } from "node:path";
import { root } from "../tenon.mjs";
import { startFunctions } from "./app-in-functions.mjs";
import { startLambda } from "./lambda-platform.mjs";

const { entryText } = await import(join(root, "packages/deploy/dist/targets/lambda/entry-text.js"));

/**
 * `door`: what is in front of the functions; `isStreaming`: their answers stream, which a function URL can do; `mostInstances`: processes of
 * each at a time.
 */
export function startInLambda(appDir, { door = "url", isStreaming = false, mostInstances = 3, ...options } = {}) {
  const handler = isStreaming ? "lambda.streamHandler" : "lambda.handler";
  const platform = {
    file: "lambda.mjs",
    start: ({ dir, env, name }) =>
      startLambda({ dir, env, handler, mostInstances, door: name === "gateway" || name === "app" ? door : "url" }),
  };
  return startFunctions(appDir, entryText, platform, options);
}
