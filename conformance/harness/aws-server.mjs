// Starts moto, which stands for SNS and SQS in memory, on a free port: that of TENON_MOTO (the folder of `pip install --target`), else
// an installed one. And makes topics and queues in it as Terraform would.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { findProgram, ServerProcess } from "./server-process.mjs";

const python = findProgram("python3");
const script = fileURLToPath(new URL("moto-server.py", import.meta.url));
const folder = process.env.TENON_MOTO;
const hint = "pip install --target FOLDER 'moto[server]==5.2.5', and TENON_MOTO=FOLDER";

/** Why tests that need it are skipped; false: it is here. */
export const awsServerMissing = whyMissing();

function whyMissing() {
  if (python === undefined) return "python3 is not installed (apt-get install python3)";
  const { status } = spawnSync(python, ["-c", "import moto.moto_server.werkzeug_app"], { env: withFolder() });
  return status === 0 ? false : `moto is not installed (${hint})`;
}

function withFolder() {
  const path = [folder, process.env.PYTHONPATH].filter((part) => part !== undefined && part !== "").join(":");
  return path === "" ? process.env : { ...process.env, PYTHONPATH: path };
}

const region = "eu-central-1";
/** Nobody checks them, and the SDK signs with something. */
export const awsEnvironment = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_REGION: region };

/** @returns {Promise<ServerProcess & { url: string, clients: { sns: SNSClient, sqs: SQSClient } }>} */
export async function startAwsServer() {
  Object.assign(process.env, awsEnvironment);
  const server = await ServerProcess.start("moto", {
    command: (port) => [python, script, String(port)],
    env: withFolder(),
    isReady: (port) =>
      fetch(`http://127.0.0.1:${port}/moto-api/`).then(
        ({ ok }) => ok,
        () => false,
      ),
  });
  const url = `http://127.0.0.1:${server.port}`;
  const clients = { sns: new SNSClient({ endpoint: url, region }), sqs: new SQSClient({ endpoint: url, region }) };
  return Object.assign(server, { url, clients });
}

/** Gives the topic's ARN. */
export async function makeTopic({ clients }, name, isFifo) {
  const { TopicArn } = await clients.sns.send(
    new CreateTopicCommand({
      Name: isFifo ? `${name}.fifo` : name,
      ...(isFifo ? { Attributes: { FifoTopic: "true" } } : {}),
    }),
  );
  return TopicArn;
}

/** Gives the queue's URL and ARN. `attributes` go before those that suit every subscription. */
export async function makeQueue({ clients }, name, isFifo, attributes = {}) {
  const { QueueUrl: url } = await clients.sqs.send(
    new CreateQueueCommand({
      QueueName: isFifo ? `${name}.fifo` : name,
      Attributes: { MessageRetentionPeriod: "1209600", ...(isFifo ? { FifoQueue: "true" } : {}), ...attributes },
    }),
  );
  const { Attributes } = await clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }),
  );
  return { url, arn: Attributes.QueueArn };
}

/** `isRaw`: messages reach the queue as they are, and not in an envelope of SNS's. */
export async function subscribe({ clients }, topicArn, queueArn, isRaw = true) {
  await clients.sns.send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: "sqs",
      Endpoint: queueArn,
      ...(isRaw ? { Attributes: { RawMessageDelivery: "true" } } : {}),
    }),
  );
}

/** A queue for a subscription's messages, and one for its dead letters that its redrive policy names, subscribed to the topic. */
export async function makeSubscription(server, topicArn, name, { isFifo = false, isRaw = true, attributes = {} } = {}) {
  const letters = await makeQueue(server, `${name}-dead`, isFifo);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: letters.arn, maxReceiveCount: 1_000 });
  const queue = await makeQueue(server, name, isFifo, { RedrivePolicy, ...attributes });
  await subscribe(server, topicArn, queue.arn, isRaw);
  return { queue, letters };
}

/** What is in the queue, as SQS gives it out; others can be given it at once. */
export async function peek({ clients }, url) {
  const { Messages = [] } = await clients.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 0,
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["All"],
    }),
  );
  return Messages;
}

/** As Lambda hands messages of a queue to a function. */
export function lambdaEvent(messages, queueArn) {
  const records = messages.map(({ MessageId, Body, Attributes, MessageAttributes = {} }) => ({
    eventSource: "aws:sqs",
    eventSourceARN: queueArn,
    messageId: MessageId,
    body: Body,
    attributes: Attributes,
    messageAttributes: Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, { DataType, StringValue }]) => [
        name,
        { dataType: DataType, stringValue: StringValue },
      ]),
    ),
  }));
  return { Records: records };
}
