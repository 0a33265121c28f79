// One process of a peer: `host.mjs <peer> sender|taker`. Does over HTTP on PORT what the two services of the Tenon app do.
import { createServer } from "node:http";

const [peer, role] = process.argv.slice(2);
const { createQueue } = await import(`./peers/${peer}.mjs`);
const queue = await createQueue(process.env.MESSAGES_URL);
const text = "x".repeat(150);
const mostLatencies = 1_000;
const progress = { handled: 0, firstAt: 0, lastAt: 0, latenciesMs: [] };

if (role === "taker") {
  await queue.consume(100, ({ at }) => {
    progress.lastAt = performance.now();
    if (progress.handled++ === 0) progress.firstAt = progress.lastAt;
    if (progress.latenciesMs.length < mostLatencies) {
      progress.latenciesMs.push(performance.timeOrigin + progress.lastAt - at);
    }
  });
}

async function publish({ count, forMs, inFlight, batchSize, pauseMs }) {
  const startedAt = performance.now();
  let next = 0;
  let published = 0;
  const message = () => ({ n: next++, at: performance.timeOrigin + performance.now(), text });
  const work = async () => {
    while (next < count && performance.now() - startedAt < forMs) {
      if (batchSize > 1) await queue.publishBatch(Array.from({ length: batchSize }, message));
      else await queue.publish(message());
      published += batchSize;
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  };
  await Promise.all(Array.from({ length: inFlight }, work));
  return { published, elapsedMs: performance.now() - startedAt };
}

const server = createServer(async (request, response) => {
  if (request.url === "/progress") return response.end(JSON.stringify(progress));
  if (request.url !== "/publish") return response.end("ready");
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    response.end(JSON.stringify(await publish(JSON.parse(Buffer.concat(chunks).toString("utf8")))));
  } catch (error) {
    response.writeHead(500).end(String(error?.stack ?? error));
  }
});
server.listen(Number(process.env.PORT), "127.0.0.1");
process.on("SIGTERM", async () => {
  await queue.stop();
  process.exit(0);
});
