// Knows no service: it works with whatever client it is given.
import type { greetPeople } from "~encore/clients";

export type Greeter = Pick<typeof greetPeople, "hello">;

export async function greetWith(greeter: Greeter, name: string): Promise<string> {
  return (await greeter.hello({ name })).text;
}
