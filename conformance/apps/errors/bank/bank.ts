import { api, APIError } from "tenon/api";
import { Closed, InsufficientFunds, type Shortage } from "./errors";

export const withdraw = api(
  { method: "POST", path: "/withdraw/:how", expose: true, errors: [InsufficientFunds, Closed] },
  async ({ how }: { how: string }): Promise<{ done: boolean }> => {
    const retryAt = new Date("2026-01-02T03:04:05Z");
    switch (how) {
      case "short": {
        const details = { missing: 12345678901234567890n, retryAt, internalNote: "not declared" } as Shortage;
        throw new InsufficientFunds("not enough money", details, new Error("account 4711 is overdrawn"));
      }
      case "closed":
        throw new Closed("the account is closed");
      case "wrong":
        throw new InsufficientFunds("details of another kind", { missing: "much" } as never);
      case "plain":
        throw APIError.notFound("no such account").withDetails({ account: 7 });
      case "undetailed": {
        const error = APIError.aborted("somebody else was faster", new Error("version 4711"));
        error.withDetails({ tries: 3 });
        throw error;
      }
      default:
        throw new Error("account 4711");
    }
  },
);
