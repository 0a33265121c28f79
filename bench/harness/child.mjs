// Processes of a benchmark: a script that runs to its end and prints one JSON value, or one that stays and answers messages.
import { fork, spawn } from "node:child_process";

/** Runs a script in a fresh process and gives the JSON of its last line. */
export function runSample(script, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(JSON.parse(output.trim().split("\n").at(-1)));
      else reject(new Error(`${script} ${args.join(" ")} ended with ${code}: ${output}`));
    });
  });
}

/** A process that answers each message with one message, in order. */
export function startResponder(script, { execArgv = process.execArgv, stdout = "inherit" } = {}) {
  const child = fork(script, { execArgv, stdio: ["ignore", stdout, "inherit", "ipc"] });
  const ask = (message) =>
    new Promise((resolve, reject) => {
      const onExit = (code) => reject(new Error(`${script} ended with ${code}`));
      child.once("exit", onExit);
      child.once("message", (answer) => {
        child.off("exit", onExit);
        if (answer.error === undefined) resolve(answer);
        else reject(new Error(answer.error));
      });
      child.send(message);
    });
  const stop = () =>
    new Promise((resolve) => {
      child.once("exit", resolve);
      child.disconnect();
    });
  return { ask, stop };
}
