// One process of a peer: `host.mjs <peer>`. Hosts the services that RPC_SERVICES names; RPC_ADDRESSES says where all of them are. Its door
// on PORT makes calls when it is told to (POST /drive), as the Tenon app's does.
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const [peer] = process.argv.slice(2);
const { startServices } = await import(`./peers/${peer}.mjs`);
const callsBetweenRests = 200;
const addresses = JSON.parse(process.env.RPC_ADDRESSES);
const services = process.env.RPC_SERVICES.split(",").filter((name) => name !== "");
const { call } = await startServices({ services, addresses, isSplit: process.env.RPC_IS_SPLIT === "true" });

/** `restMs`: how long to rest after every 200 calls; 0: not at all. */
async function drive({ service, calls, concurrency, restMs }) {
  const hops = service === "s1" ? 5 : 1;
  let started = 0;
  let made = 0;
  const work = async () => {
    while (started < calls) {
      started++;
      if (restMs > 0 && started % callsBetweenRests === 0) await sleep(restMs);
      const item = await call(service, { id: "notebook" });
      if (item.hops === hops) made++;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return { made };
}

createServer(async (request, response) => {
  if (request.method !== "POST") return response.end("ready");
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    response.end(JSON.stringify(await drive(JSON.parse(Buffer.concat(chunks).toString("utf8")))));
  } catch (error) {
    response.writeHead(500).end(String(error?.stack ?? error));
  }
}).listen(Number(process.env.PORT), "127.0.0.1");
