// Constant load on a public door with TLS, from a process of its own that can be put into the network of another machine: node load.mjs PATH.
// Clients without a pause, clients that think between requests, clients with a connection for each. On SIGTERM prints what came back.
import { Agent, get } from "node:https";

const [path] = process.argv.slice(2);
const failures = {};
let answers = 0;
let isOver = false;
process.on("SIGTERM", () => {
  isOver = true;
});

function ask(agent) {
  return new Promise((resolve) => {
    const request = get({ host: "127.0.0.1", port: 443, path, agent, rejectUnauthorized: false }, (response) => {
      response.resume();
      response.once("end", () => resolve(response.statusCode === 200 ? undefined : response.statusCode));
    });
    request.once("error", (error) => resolve(error.code));
  });
}

const pauses = [0, 0, ...Array.from({ length: 16 }, (_, index) => 50 + index * 15), "anew", "anew"];
await Promise.all(
  pauses.map(async (pause) => {
    const agent = new Agent({ keepAlive: pause !== "anew", maxSockets: 1 });
    while (!isOver) {
      const failure = await ask(agent);
      answers++;
      if (failure !== undefined) failures[failure] = (failures[failure] ?? 0) + 1;
      if (pause !== 0) await new Promise((resolve) => setTimeout(resolve, pause === "anew" ? 20 : pause));
    }
    agent.destroy();
  }),
);
process.stdout.write(JSON.stringify({ answers, failures }));
