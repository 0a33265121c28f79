// What AWS Lambda hands to a function, as far as it is read here; the fields are those of the published event formats.

type Texts = Readonly<Record<string, string | undefined>> | null | undefined;
type TextLists = Readonly<Record<string, readonly string[] | undefined>> | null | undefined;

/** Function URL, and HTTP API with payload format 2.0. */
export interface HttpEventV2 {
  readonly version: "2.0";
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly cookies?: readonly string[];
  readonly headers: Texts;
  readonly body?: string | null;
  readonly isBase64Encoded: boolean;
  readonly requestContext: {
    readonly http: { readonly method: string; readonly sourceIp: string };
    readonly stage: string;
  };
}

/** REST API, and HTTP API with payload format 1.0. */
export interface HttpEventV1 {
  readonly path: string;
  readonly httpMethod: string;
  readonly headers: Texts;
  readonly multiValueHeaders: TextLists;
  readonly queryStringParameters: Texts;
  readonly multiValueQueryStringParameters: TextLists;
  readonly body: string | null;
  readonly isBase64Encoded: boolean;
  readonly requestContext: { readonly stage: string; readonly identity: { readonly sourceIp: string } };
}

/** Application Load Balancer; with multi-value headers those, else the others. */
export interface HttpEventAlb {
  readonly path: string;
  readonly httpMethod: string;
  readonly headers?: Texts;
  readonly multiValueHeaders?: TextLists;
  readonly queryStringParameters?: Texts;
  readonly multiValueQueryStringParameters?: TextLists;
  readonly body: string | null;
  readonly isBase64Encoded: boolean;
  readonly requestContext: { readonly elb: { readonly targetGroupArn: string } };
}

export type HttpEvent =
  | { readonly kind: "v2"; readonly event: HttpEventV2 }
  | { readonly kind: "v1"; readonly event: HttpEventV1 }
  | { readonly kind: "alb"; readonly event: HttpEventAlb };

export interface SqsRecord {
  readonly messageId: string;
  readonly body: string;
  readonly eventSourceARN: string;
  readonly attributes: {
    readonly ApproximateReceiveCount: string;
    readonly SentTimestamp: string;
    readonly MessageGroupId?: string;
  };
  readonly messageAttributes: Readonly<Record<string, { readonly stringValue?: string; readonly dataType: string }>>;
}

export interface SnsNotification {
  readonly MessageId: string;
  readonly TopicArn: string;
  readonly Message: string;
  readonly Timestamp: string;
  readonly MessageAttributes?: Readonly<Record<string, { readonly Type: string; readonly Value: string }>>;
}

export type LambdaEvent =
  | HttpEvent
  | { readonly kind: "sqs"; readonly records: readonly SqsRecord[] }
  | { readonly kind: "sns"; readonly notifications: readonly SnsNotification[] }
  /** What the schedule of a cron job says. */
  | { readonly kind: "tick"; readonly job: string; readonly atMs: number };

export interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

type Fields = Readonly<Record<string, unknown>>;

/** undefined: it is none of them. */
export function lambdaEvent(event: unknown): LambdaEvent | undefined {
  if (!isFields(event)) return undefined;
  const { requestContext, Records: records, tenon } = event;
  if (isFields(requestContext)) return httpEvent(event, requestContext);
  if (Array.isArray(records)) return recordsEvent(records);
  if (!isFields(tenon) || typeof tenon["cron"] !== "string") return undefined;
  const tick = typeof tenon["tick"] === "string" ? Date.parse(tenon["tick"]) : Number.NaN;
  return { kind: "tick", job: tenon["cron"], atMs: Number.isNaN(tick) ? Date.now() : tick };
}

function httpEvent(event: Fields, context: Fields): HttpEvent | undefined {
  if (event["version"] === "2.0" && isFields(context["http"])) return { kind: "v2", event: event as never };
  if (typeof event["httpMethod"] !== "string") return undefined;
  return isFields(context["elb"]) ? { kind: "alb", event: event as never } : { kind: "v1", event: event as never };
}

function recordsEvent(records: readonly unknown[]): LambdaEvent | undefined {
  const [first] = records;
  if (!isFields(first)) return undefined;
  if (first["eventSource"] === "aws:sqs") return { kind: "sqs", records: records as SqsRecord[] };
  if (first["EventSource"] !== "aws:sns") return undefined;
  return { kind: "sns", notifications: records.map((record) => (record as { Sns: SnsNotification }).Sns) };
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
