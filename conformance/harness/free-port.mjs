// A port on which nobody listens, below those from which systems take the near end of outgoing connections: a server that is killed gets
// it back, whoever connects in the meantime.
import { randomInt } from "node:crypto";
import { createServer } from "node:net";

const first = 15_000;
const last = 31_000;

export async function freePort() {
  for (;;) {
    const port = randomInt(first, last);
    if (await isFree(port)) return port;
  }
}

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
