// A call means the same in every topology: the same app, the same calls, in one process, in one process per service, and as functions of the
// platforms that run functions; outcomes are compared with what they must be, and with each other to the letter. containers.test.mjs has the
// topology that takes images.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";
import { startInAzure } from "./harness/functions/app-in-azure.mjs";
import { startInGoogle } from "./harness/functions/app-in-google.mjs";
import { startInLambda } from "./harness/functions/app-in-lambda.mjs";
import { assertComplete, describeTopology } from "./topology/describe-topology.mjs";

const source = "conformance/apps/topology";
/** One build is for all platforms that run functions. */
const functionsCopy = copyApp(source);
after(async () => (await functionsCopy).remove());

async function startInDevelopment(topology) {
  const copy = await copyApp(source);
  try {
    const app = await startDev(copy.dir, { topology });
    const stop = async () => {
      await app.stop();
      await copy.remove();
    };
    return { gateway: app.gateway, stop };
  } catch (error) {
    await copy.remove();
    throw error;
  }
}

const topologies = {
  single: () => startInDevelopment("single"),
  "per-service": () => startInDevelopment("per-service"),
  "AWS Lambda, a function each": async () => startInLambda((await functionsCopy).dir),
  "functions of Google Cloud": async () => startInGoogle((await functionsCopy).dir),
  "Azure Functions": async () => startInAzure((await functionsCopy).dir),
};
const outcomes = Object.fromEntries(
  Object.entries(topologies).map(([topology, start]) => [topology, describeTopology(topology, start)]),
);

test("all topologies gave the same outcomes", () => {
  assertComplete(outcomes.single);
  for (const topology of Object.keys(topologies)) assert.deepEqual(outcomes[topology], outcomes.single, topology);
});
