import { api, APIError } from "tenon/api";
import { bank } from "~tenon/clients";
import { Closed, InsufficientFunds } from "../bank/errors";

interface Outcome {
  kind: string;
  code?: string;
  missing?: bigint;
  retryAt?: string;
  details?: unknown;
  hasCause?: boolean;
}

export const attempt = api(
  { method: "GET", path: "/attempt/:how", expose: true },
  async ({ how }: { how: string }): Promise<Outcome> => {
    try {
      await bank.withdraw({ how });
      return { kind: "done" };
    } catch (error) {
      if (error instanceof InsufficientFunds && error.details.retryAt instanceof Date) {
        const { missing, retryAt } = error.details;
        return { kind: "insufficient", missing, retryAt: retryAt.toISOString(), hasCause: error.cause !== undefined };
      }
      if (error instanceof Closed) return { kind: "closed", code: error.code };
      if (!(error instanceof APIError)) return { kind: "something else" };
      return { kind: "other", code: error.code, details: error.details ?? null, hasCause: error.cause !== undefined };
    }
  },
);
