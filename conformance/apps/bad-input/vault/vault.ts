// Private: nobody outside may even learn that it is there.
import { APIError, api } from "tenon/api";

export const open = api({ method: "POST", path: "/vault/open" }, async (): Promise<{ gold: number }> => {
  throw APIError.unauthenticated("say the word").withDetails({ attempts: 3 });
});
