// Middleware around the endpoints of the library: for all of them, for tagged, raw and stream endpoints.
import {
  HandlerResponse,
  IterableSocket,
  IterableStream,
  type Middleware,
  type MiddlewareFn,
  type MiddlewareOptions,
  type MiddlewareRequest,
  middleware,
  type Next,
  type RawRequest,
  type RawResponse,
  type ResponseHeader,
  Sink,
} from "encore.dev/api";
import { currentRequest, type RequestMeta } from "encore.dev";
import { streams } from "./seen";

const outer: MiddlewareFn = async (request: MiddlewareRequest, next: Next): Promise<HandlerResponse> => {
  const meta: RequestMeta | undefined = request.requestMeta;
  request.data["layers"] = [meta?.type === "api-call" ? meta.api.endpoint : "other"];
  const response = await next(request);
  const header: ResponseHeader = response.header;
  header.add("X-Layers", "outer");
  return response;
};

const typed: MiddlewareOptions = { target: { isRaw: false, isStream: false } };

const early = middleware({ target: { tags: ["closed", "locked"] } }, async () => {
  const answer = new HandlerResponse({ answeredBy: "middleware" });
  answer.status = 203;
  return answer;
});

const inner = middleware({ target: { tags: ["layered"], expose: true, auth: false } }, async (request, next) => {
  request.data["layers"].push("inner");
  const response = await next(request);
  response.header.add("X-Layers", "inner");
  response.header.set("X-Same", String(currentRequest()?.type === "api-call"));
  return response;
});

const raw = middleware({ target: { isRaw: true } }, async (request, next) => {
  const incoming: RawRequest | undefined = request.rawRequest;
  const outgoing: RawResponse | undefined = request.rawResponse;
  outgoing?.setHeader("X-Asked-With", incoming?.method ?? "nothing");
  return next(request);
});

const stream = middleware({ target: { isStream: true } }, async (request, next) => {
  if (request.stream instanceof IterableSocket) streams.push("in and out");
  else if (request.stream instanceof IterableStream) streams.push("in");
  else if (request.stream instanceof Sink) streams.push("out");
  return next(request);
});

export const layers: Middleware[] = [middleware(typed, outer), early, inner, raw, stream];
