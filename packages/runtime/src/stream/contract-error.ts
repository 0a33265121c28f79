// A message, an event or an item that is not what its type says (an `any`, a cast). Never sent; the log shows what is wrong.
import type { Issue } from "@tenon/model";

export class ContractError extends Error {
  override readonly name = "ContractError";

  constructor(endpoint: string, what: "a message" | "an event" | "an item", issues: readonly Issue[]) {
    const list = issues.map((issue) => `${issue.path === "" ? what : issue.path} ${issue.message}`).join("; ");
    super(`${endpoint} sent ${what} that does not match its declared type: ${list}`);
  }
}
