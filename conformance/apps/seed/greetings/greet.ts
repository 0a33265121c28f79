import { api } from "encore.dev/api";
import { users } from "~encore/clients";

interface Greeting {
  text: string;
}

export const greet = api({ expose: true, method: "GET", path: "/greet" }, async (): Promise<Greeting> => {
  const user = await users.get({ id: "123" });
  return { text: `Hello ${user.name}, we write to ${user.email.toLowerCase()}` };
});
