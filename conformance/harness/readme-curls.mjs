// The curl lines of a README with the answers that the comments below them promise, to be run word for word.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** @returns {Promise<{ command: string, status: number, answer: string }[]>} `...` in an answer stands for anything */
export async function readCurls(file) {
  const text = await readFile(file, "utf8");
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => block.replaceAll("\\\n", " "));
  return blocks.flatMap((block) =>
    [...block.matchAll(/^(curl .*)\n# (?:(\d{3}) )?(.*)$/gm)].map(([, command, status = "200", answer]) => ({
      command,
      status: Number(status),
      answer,
    })),
  );
}

/** Runs a line in a shell against the gateway at `base`, as if it stood at the README's address. */
export async function runCurl(command, base) {
  const line = command.replaceAll("http://127.0.0.1:4000", base);
  const { stdout } = await run("sh", ["-c", `${line} --silent --max-time 20 --write-out '\\n%{http_code}'`]);
  const end = stdout.lastIndexOf("\n");
  return { status: Number(stdout.slice(end + 1)), answer: stdout.slice(0, end) };
}

/** Whether an answer is what the README says, whose `...` may be anything. */
export function isAnswer(actual, promised) {
  const literal = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const pattern = promised
    .split(/\s?\.\.\.\s?/)
    .map(literal)
    .join("[\\s\\S]*");
  return new RegExp(`^${pattern}$`).test(actual);
}
