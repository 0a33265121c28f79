// Deployment -> a CloudFormation template: per function its role, log, code and address, the schedules of its cron jobs and the queues of its
// subscriptions. A role may do what an edge of the graph asks for, and nothing else.
import type { CronJob } from "@tenon/model";
import type { Deployment, Unit } from "../../deployment/deployment.ts";
import { edgesOf } from "../../deployment/deployment.ts";
import type { Json } from "../../deployment/unit-infra.ts";
import { bucketVariable } from "../functions/places.ts";
import { unitsInCircles } from "../functions/function-units.ts";
import { functionVariables, queuesOf } from "../functions/variables.ts";
import { scheduleExpressions } from "./schedule-expressions.ts";
import type { LambdaSettings } from "./settings.ts";
import { revisionEnvironment } from "../revision.ts";

type JsonObject = { readonly [key: string]: Json };

export interface Template {
  readonly AWSTemplateFormatVersion: "2010-09-09";
  readonly Description: string;
  readonly Parameters: { readonly [name: string]: JsonObject };
  readonly Conditions: JsonObject;
  readonly Resources: { readonly [id: string]: JsonObject };
  readonly Outputs: { readonly [name: string]: JsonObject };
}

const noValue: JsonObject = { Ref: "AWS::NoValue" };
const ref = (name: string): JsonObject => ({ Ref: name });
const sub = (text: string): JsonObject => ({ "Fn::Sub": text });
const att = (id: string, attribute: string): JsonObject => ({ "Fn::GetAtt": [id, attribute] });

/** "order-items" -> "OrderItems": ids of a template have letters and digits alone. */
export function logicalId(name: string): string {
  return name
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("");
}

export function templateOf(
  deployment: Deployment,
  units: readonly Unit[],
  jobs: readonly CronJob[],
  settings: LambdaSettings,
): Template {
  const circles = unitsInCircles(deployment);
  const variables = units.map((unit) => functionVariables(deployment, unit, units, "aws"));
  const given = [...new Set(variables.flatMap((one) => one.given))].sort();
  const resources = units.map((unit) => ({
    ...functionOf(deployment, unit, units, settings, circles),
    ...(circles.has(unit.name) ? apiOf(unit) : urlOf(unit, settings)),
    ...Object.assign(
      {},
      ...jobs.filter(({ service }) => unit.services.includes(service)).map((job) => scheduleOf(unit, job)),
    ),
    ...Object.assign(
      {},
      ...queuesOf(deployment, unit, settings.queues).map(([name, queue]) => mappingOf(unit, name, queue)),
    ),
  }));
  const front = units.find(({ kind }) => kind !== "services");
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: `${deployment.app}, a function for each of its processes. Made by tenon deploy lambda.`,
    Parameters: parametersOf(deployment, given),
    Conditions: { InVpc: { "Fn::Not": [{ "Fn::Equals": [{ "Fn::Join": ["", ref("SubnetIds")] }, ""] }] } },
    Resources: Object.assign({}, ...resources) as Template["Resources"],
    Outputs:
      front === undefined ? {} : { Url: { Description: "Where the API is", Value: addressOf(front.name, circles) } },
  };
}

function parametersOf({ app }: Deployment, given: readonly string[]): Template["Parameters"] {
  const own = given.map(
    (variable) =>
      [
        logicalId(variable.toLowerCase()),
        { Type: "String", Description: `Value of the variable ${variable}` },
      ] as const,
  );
  return {
    SecretsPrefix: {
      Type: "String",
      Default: `${app}/`,
      Description: "Of the names of secrets in Secrets Manager; one for each variable that is secret",
    },
    SubnetIds: {
      Type: "CommaDelimitedList",
      Default: "",
      Description: "Subnets of the VPC where databases are; empty for none",
    },
    SecurityGroupIds: {
      Type: "CommaDelimitedList",
      Default: "",
      Description: "Security groups of the functions in the VPC",
    },
    ...Object.fromEntries(own),
  };
}

function functionOf(
  deployment: Deployment,
  unit: Unit,
  units: readonly Unit[],
  settings: LambdaSettings,
  circles: ReadonlySet<string>,
): Template["Resources"] {
  const id = logicalId(unit.name);
  const { secrets, urls, given } = functionVariables(deployment, unit, units, "aws");
  const { runtime, architecture, streaming, otlpEndpoint, memoryMegabytes, timeoutSeconds, logDays } = settings;
  const isStreaming = streaming && !circles.has(unit.name);
  const queues = queuesOf(deployment, unit, settings.queues);
  const environment: Record<string, Json> = {
    ...Object.fromEntries(secrets.map((name) => [name, sub(`{{resolve:secretsmanager:\${SecretsPrefix}${name}}}`)])),
    ...Object.fromEntries(Object.entries(urls).map(([name, to]) => [name, addressOf(to, circles)])),
    ...Object.fromEntries(given.map((name) => [name, ref(logicalId(name.toLowerCase()))])),
    ...(queues.length === 0
      ? {}
      : { TENON_QUEUES: JSON.stringify(Object.fromEntries(queues.map(([name, arn]) => [arn, name]))) }),
    ...(otlpEndpoint === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint }),
    ...revisionEnvironment(settings),
  };
  return {
    [`${id}Log`]: {
      Type: "AWS::Logs::LogGroup",
      Properties: { LogGroupName: sub(`/aws/lambda/\${AWS::StackName}-${unit.name}`), RetentionInDays: logDays },
    },
    [`${id}Role`]: roleOf(
      deployment,
      unit,
      queues.map(([, arn]) => arn),
    ),
    [`${id}Function`]: {
      Type: "AWS::Lambda::Function",
      Properties: {
        FunctionName: sub(`\${AWS::StackName}-${unit.name}`),
        Runtime: runtime,
        Architectures: [architecture],
        Handler: isStreaming ? "lambda.streamHandler" : "lambda.handler",
        Code: `packages/${unit.name}`,
        Role: att(`${id}Role`, "Arn"),
        MemorySize: memoryMegabytes,
        Timeout: timeoutSeconds,
        LoggingConfig: { LogGroup: ref(`${id}Log`) },
        ...(Object.keys(environment).length === 0 ? {} : { Environment: { Variables: sorted(environment) } }),
        VpcConfig: {
          "Fn::If": ["InVpc", { SubnetIds: ref("SubnetIds"), SecurityGroupIds: ref("SecurityGroupIds") }, noValue],
        },
      },
    },
  };
}

/** Logs, what a VPC needs, and what the edges of the unit are. */
function roleOf(deployment: Deployment, unit: Unit, queues: readonly string[]): JsonObject {
  const id = logicalId(unit.name);
  const buckets = edgesOf(deployment, unit.name, "bucket").map(({ bucket }) =>
    sub(`arn:\${AWS::Partition}:s3:::\${${logicalId(bucketVariable(bucket).toLowerCase())}}`),
  );
  const statements: Json[] = [
    { Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: att(`${id}Log`, "Arn") },
    ...(queues.length === 0
      ? []
      : [
          {
            Effect: "Allow",
            Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
            Resource: [...queues],
          },
        ]),
    ...buckets.flatMap((bucket) => [
      {
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        Resource: { "Fn::Join": ["", [bucket, "/*"]] },
      },
      { Effect: "Allow", Action: ["s3:ListBucket"], Resource: bucket },
    ]),
  ];
  return {
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: trust("lambda.amazonaws.com"),
      ManagedPolicyArns: {
        "Fn::If": [
          "InVpc",
          [sub(`arn:\${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole`)],
          noValue,
        ],
      },
      Policies: [{ PolicyName: "edges", PolicyDocument: { Version: "2012-10-17", Statement: statements } }],
    },
  };
}

function trust(service: string): JsonObject {
  return {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  };
}

/** The door for others of the app is closed by their key; the public one is for everybody. */
function urlOf({ name }: Unit, { streaming }: LambdaSettings): Template["Resources"] {
  const id = logicalId(name);
  const permission = { FunctionName: att(`${id}Function`, "Arn"), Principal: "*" };
  return {
    [`${id}Url`]: {
      Type: "AWS::Lambda::Url",
      Properties: {
        TargetFunctionArn: att(`${id}Function`, "Arn"),
        AuthType: "NONE",
        InvokeMode: streaming ? "RESPONSE_STREAM" : "BUFFERED",
      },
    },
    [`${id}UrlPermission`]: {
      Type: "AWS::Lambda::Permission",
      Properties: { ...permission, Action: "lambda:InvokeFunctionUrl", FunctionUrlAuthType: "NONE" },
    },
    [`${id}InvokePermission`]: {
      Type: "AWS::Lambda::Permission",
      Properties: { ...permission, Action: "lambda:InvokeFunction", InvokedViaFunctionUrl: true },
    },
  };
}

/** Has an address before the function is there, which those in a circle of calls need. */
function apiOf({ name }: Unit): Template["Resources"] {
  const id = logicalId(name);
  return {
    [`${id}Api`]: {
      Type: "AWS::ApiGatewayV2::Api",
      Properties: { Name: sub(`\${AWS::StackName}-${name}`), ProtocolType: "HTTP" },
    },
    [`${id}Integration`]: {
      Type: "AWS::ApiGatewayV2::Integration",
      Properties: {
        ApiId: ref(`${id}Api`),
        IntegrationType: "AWS_PROXY",
        IntegrationUri: att(`${id}Function`, "Arn"),
        PayloadFormatVersion: "2.0",
      },
    },
    [`${id}Route`]: {
      Type: "AWS::ApiGatewayV2::Route",
      Properties: {
        ApiId: ref(`${id}Api`),
        RouteKey: "$default",
        Target: { "Fn::Join": ["/", ["integrations", ref(`${id}Integration`)]] },
      },
    },
    [`${id}Stage`]: {
      Type: "AWS::ApiGatewayV2::Stage",
      Properties: { ApiId: ref(`${id}Api`), StageName: "$default", AutoDeploy: true },
    },
    [`${id}ApiPermission`]: {
      Type: "AWS::Lambda::Permission",
      Properties: {
        FunctionName: att(`${id}Function`, "Arn"),
        Action: "lambda:InvokeFunction",
        Principal: "apigateway.amazonaws.com",
        SourceArn: sub(`arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${${id}Api}/*`),
      },
    },
  };
}

function addressOf(unit: string, circles: ReadonlySet<string>): JsonObject {
  const id = logicalId(unit);
  return circles.has(unit) ? att(`${id}Api`, "ApiEndpoint") : att(`${id}Url`, "FunctionUrl");
}

function scheduleOf(unit: Unit, job: CronJob): Template["Resources"] {
  const [id, jobId] = [logicalId(unit.name), logicalId(job.name)];
  const role = `${id}${jobId}ScheduleRole`;
  const { expressions, timeZone } = scheduleExpressions(job);
  const schedules = expressions.map((expression, index) => [
    `${id}${jobId}Schedule${index === 0 ? "" : index + 1}`,
    {
      Type: "AWS::Scheduler::Schedule",
      Properties: {
        ScheduleExpression: expression,
        ScheduleExpressionTimezone: timeZone,
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: {
          Arn: att(`${id}Function`, "Arn"),
          RoleArn: att(role, "Arn"),
          Input: JSON.stringify({ tenon: { cron: job.name, tick: "<aws.scheduler.scheduled-time>" } }),
          RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3600 },
        },
      },
    },
  ]);
  const statement = { Effect: "Allow", Action: "lambda:InvokeFunction", Resource: att(`${id}Function`, "Arn") };
  return {
    [role]: {
      Type: "AWS::IAM::Role",
      Properties: {
        AssumeRolePolicyDocument: trust("scheduler.amazonaws.com"),
        Policies: [{ PolicyName: "invoke", PolicyDocument: { Version: "2012-10-17", Statement: [statement] } }],
      },
    },
    ...Object.fromEntries(schedules),
  };
}

/** Of a batch, SQS brings again what was not handled, and nothing else. */
function mappingOf(unit: Unit, subscription: string, queue: string): Template["Resources"] {
  return {
    [`${logicalId(unit.name)}${logicalId(subscription)}Queue`]: {
      Type: "AWS::Lambda::EventSourceMapping",
      Properties: {
        EventSourceArn: queue,
        FunctionName: att(`${logicalId(unit.name)}Function`, "Arn"),
        FunctionResponseTypes: ["ReportBatchItemFailures"],
      },
    },
  };
}

function sorted(values: Readonly<Record<string, Json>>): JsonObject {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}
