// Asks a credential helper of Docker: a program `docker-credential-<name>` that is given the server's name on its standard input and answers
// in JSON.
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { DeployError } from "../../deploy-error.ts";
import type { Credentials, Environment } from "./credentials.ts";

/** What the program answers in place of a user name when the secret is an identity token. */
const tokenUser = "<token>";

/** undefined: it knows none. Throws DeployError `registry_credentials_unreadable`. */
export async function askCredentialHelper(
  name: string,
  server: string,
  environment: Environment,
): Promise<Credentials | undefined> {
  if (!/^[\w.-]+$/.test(name)) throw unable(name, "that is no name of a helper");
  const { code, stdout, stderr } = await run(`docker-credential-${name}`, server, environment);
  if (code !== 0) {
    const said = (stdout || stderr).trim();
    if (/credentials not found/i.test(said)) return undefined;
    throw unable(name, said || `it ended with ${code}`);
  }
  try {
    const { Username: username, Secret: secret } = JSON.parse(stdout) as { Username: string; Secret: string };
    if (typeof username !== "string" || typeof secret !== "string") throw new TypeError("no Username or no Secret");
    return username === tokenUser
      ? { kind: "identityToken", token: secret }
      : { kind: "password", username, password: secret };
  } catch (error) {
    throw unable(name, `its answer is not understood: ${(error as Error).message}`);
  }
}

async function run(program: string, input: string, environment: Environment) {
  const child = spawn(program, ["get"], { env: environment as NodeJS.ProcessEnv, stdio: ["pipe", "pipe", "pipe"] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", (error) => reject(unable(program.replace("docker-credential-", ""), error.message)));
    child.once("close", resolve);
  });
  // A program that does not read its input is told by its exit code.
  child.stdin.on("error", () => {});
  child.stdin.end(`${input}\n`);
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

function unable(name: string, why: string): DeployError {
  return new DeployError(
    "registry_credentials_unreadable",
    `the credential helper docker-credential-${name} gives no credentials: ${why}`,
    "Log in with the tool that set it up, or name a file with credentials in REGISTRY_AUTH_FILE.",
  );
}
