// A Lambda function over real services: every front door's event comes in as its published format has it, and the answer goes back in the
// form that this front door takes.
import assert from "node:assert/strict";
import { PassThrough, type Writable } from "node:stream";
import { after, before, describe, it } from "node:test";
import { CREDENTIAL, testConfig, type TestBuild, writeTestBuild } from "../../lifecycle/testing-build.test.support.ts";
import { type FunctionHost, startFunctionHost } from "../function-host.ts";
import type { LambdaContext } from "./lambda-events.ts";
import { LambdaFunction } from "./lambda-handler.ts";
import type { HttpResult } from "./result-of-answer.ts";

const withTime = (remainingMs: number): LambdaContext => ({ getRemainingTimeInMillis: () => remainingMs });
const context = withTime(30_000);

const eventV2 = (method: string, rawPath: string, parts: object = {}) => ({
  version: "2.0",
  routeKey: "$default",
  rawPath,
  rawQueryString: "",
  headers: { host: "abc.lambda-url.eu-central-1.on.aws", "x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "https" },
  requestContext: { http: { method, path: rawPath, sourceIp: "192.0.2.7" }, stage: "$default", domainName: "abc" },
  isBase64Encoded: false,
  ...parts,
});

describe("a Lambda function", { timeout: 60_000 }, () => {
  let build: TestBuild;
  let host: FunctionHost;
  let lambda: LambdaFunction;
  before(async () => {
    build = writeTestBuild();
    host = await startFunctionHost(testConfig(build.dir, {}), true);
    lambda = new LambdaFunction(host, { queues: undefined, basePath: undefined });
  });
  after(async () => {
    await host.close(1000);
    build.remove();
  });
  const ask = async (event: object, within = context) => {
    const result = (await lambda.handler(event, within)) as HttpResult;
    return { ...result, json: result.body === "" ? undefined : JSON.parse(result.body) };
  };

  it("answers a function URL: raw query, an encoded path, a body in base64", async () => {
    const got = await ask(eventV2("GET", "/users/a%20b", { rawQueryString: "verbose=1%202" }));
    assert.equal(got.statusCode, 200);
    assert.deepEqual([got.json.id, got.json.seen.verbose], ["a b", "1 2"]);
    assert.equal(got.headers?.["content-type"], "application/json");
    assert.match(got.headers?.["traceresponse"] ?? "", /^00-/);
    const value = { text: "ü", at: "2026-01-01T00:00:00.000Z", big: "12" };
    const body = Buffer.from(JSON.stringify(value)).toString("base64");
    const echoed = await ask(eventV2("POST", "/echo", { body, isBase64Encoded: true }));
    assert.deepEqual(echoed.json, value);
  });

  it("takes off the stage of an HTTP API, and encodes again what it has decoded", async () => {
    const staged = eventV2("GET", "/prod/users/a ü");
    const got = await ask({ ...staged, requestContext: { ...staged.requestContext, stage: "prod" } });
    assert.equal(got.json.id, "a ü");
  });

  it("answers a REST API with lists of header values", async () => {
    const event = {
      resource: "/{proxy+}",
      path: "/users/u1",
      httpMethod: "GET",
      headers: { Host: "x" },
      multiValueHeaders: { Host: ["x"] },
      queryStringParameters: { verbose: "a b" },
      multiValueQueryStringParameters: { verbose: ["a b"] },
      requestContext: { stage: "prod", identity: { sourceIp: "192.0.2.7" } },
      body: null,
      isBase64Encoded: false,
    };
    const got = await ask(event);
    assert.equal(got.json.seen.verbose, "a b");
    assert.deepEqual(got.multiValueHeaders?.["content-type"], ["application/json"]);
    assert.equal(got.headers, undefined);
  });

  it("answers a load balancer in the form that its request had, and says the status in words", async () => {
    const event = {
      requestContext: { elb: { targetGroupArn: "arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/t/1" } },
      httpMethod: "GET",
      path: "/users/u1",
      body: "",
      isBase64Encoded: false,
    };
    const single = await ask({ ...event, headers: { host: "x" }, queryStringParameters: { verbose: "a%20b" } });
    assert.deepEqual([single.statusDescription, single.json.seen.verbose], ["200 OK", "a b"]);
    assert.equal(single.headers?.["content-type"], "application/json");
    const multi = await ask({ ...event, path: "/nowhere", multiValueHeaders: { host: ["x"] } });
    assert.deepEqual([multi.statusCode, multi.statusDescription], [404, "404 Not Found"]);
    assert.ok(Array.isArray(multi.multiValueHeaders?.["content-type"]));
  });

  it("private endpoints and the internal door are closed to those without the key, and open with it", async () => {
    for (const path of ["/hidden", "/__tenon/call/users/hidden"]) {
      const headers = { "x-tenon-credential": "guess", "x-tenon-caller": "orders" };
      assert.equal((await ask(eventV2("POST", path, { headers, body: "{}" }))).statusCode, 404);
    }
    const headers = { "x-tenon-credential": CREDENTIAL, "x-tenon-caller": "orders" };
    const called = await ask(eventV2("POST", "/__tenon/call/users/hidden", { headers, body: "{}" }));
    assert.deepEqual([called.statusCode, called.json], [200, { text: "hidden" }]);
  });

  it("says so in time when there is not enough of it, and stops the handler", async () => {
    const late = await ask(eventV2("POST", "/hang"), withTime(1_000));
    assert.deepEqual([late.statusCode, late.json.code], [504, "deadline_exceeded"]);
    const { json } = await ask(eventV2("GET", "/state"));
    assert.deepEqual([json.value.hanging, json.value.stopped], [1, 1]);
  });

  it("streams: the head first, then the body", async () => {
    const stream = new PassThrough();
    const heads: object[] = [];
    const streaming = {
      streamifyResponse: (handler: unknown) => handler,
      HttpResponseStream: {
        from(to: Writable, head: object) {
          heads.push(head);
          return to;
        },
      },
    };
    await lambda.streamHandler(streaming)(eventV2("GET", "/users/u1"), stream, context);
    const [head] = heads as { statusCode: number; headers: Record<string, string>; cookies: string[] }[];
    assert.deepEqual([head?.statusCode, head?.headers["content-type"], head?.cookies], [200, "application/json", []]);
    assert.equal(JSON.parse(Buffer.concat(await stream.toArray()).toString()).id, "u1");
  });

  it("refuses an event that it is not for, and says what it is for", async () => {
    await assert.rejects(lambda.handler({ Records: [{ eventSource: "aws:s3" }] }, context), /SQS, SNS/);
    await assert.rejects(lambda.handler({ tenon: { cron: "none" } }, context), /no cron job "none"/);
    const record = { eventSource: "aws:sqs", eventSourceARN: "arn:aws:sqs:eu:1:q", messageId: "1", attributes: {} };
    await assert.rejects(
      lambda.handler({ Records: [record] }, context),
      /TENON_QUEUES: \{"q": "topic\/subscription"\}/,
    );
  });
});
