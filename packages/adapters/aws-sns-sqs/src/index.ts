// Messages through Amazon SNS and SQS: what `{"type": "aws_sns_sqs"}` of infra.json loads.
export type { AwsEngineConfig } from "./config.ts";
export { createBroker } from "./sns-sqs-broker.ts";
export { createTopicControl } from "./sns-sqs-topic-control.ts";
