// What the entry of a function is made of: a host that is handed requests, messages and ticks, and the handlers of the platforms.
export { LambdaFunction, type LambdaOptions, type LambdaStreaming } from "./aws/lambda-handler.ts";
export { AzureFunction } from "./azure/azure-function.ts";
export { type FunctionHost, startFunctionHost } from "./function-host.ts";
export { type EventFunction, eventFunction } from "./google/event-function.ts";
export { type HttpFunction, httpFunction } from "./google/http-function.ts";
