// `wait-ready.mjs`: what systemd runs after it has started a process (ExecStartPost=), so that "started" means that it serves.

export const waitReadyScript = `// Ends once the process beside it is ready, and fails where that takes too long. It asks the internal door, a unix socket.
import { get } from "node:http";

const socketPath = process.env.TENON_INTERNAL_SOCKET;
const giveUpAt = Date.now() + 100_000;
let last = "nobody has answered yet";

function ask() {
  return new Promise((resolve) => {
    const request = get({ socketPath, path: "/__tenon/readyz", timeout: 5000 }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part) => {
        text += part;
      });
      response.once("end", () => {
        last = \`\${response.statusCode} \${text}\`;
        resolve(response.statusCode === 200);
      });
    });
    request.once("timeout", () => request.destroy(new Error("no answer in 5 s")));
    request.once("error", (error) => {
      last = error.message;
      resolve(false);
    });
  });
}

/** systemd itself waits for this script before it looks at how the process is. */
function isGone() {
  try {
    process.kill(Number(process.env.MAINPID), 0);
    return false;
  } catch {
    return true;
  }
}

while (!(await ask())) {
  if (isGone()) process.exit(1);
  if (Date.now() > giveUpAt) {
    console.error(\`not ready: \${last}\`);
    process.exit(1);
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
}
process.exit(0);
`;
