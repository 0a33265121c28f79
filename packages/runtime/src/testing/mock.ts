// Typed stand-ins for endpoints of other services: what a fake is given and what it returns pass the contract of the real endpoint.
import { endpointOf } from "../call/client-method.ts";
import { TestingError } from "./errors.ts";
import { currentTestHost } from "./test-host.ts";

/** What may stand in for one method of a client. */
export type Fake<Method> = Method extends (...args: infer Args) => Promise<infer Response>
  ? (request: Args[0]) => Response | Promise<Response>
  : never;

/** Some methods of a client. */
export type FakesOf<Client extends object> = { readonly [Name in keyof Client]?: Fake<Client[Name]> };

/**
 * From here on calls of these endpoints run the fakes, whoever makes them, until the end of the test file, `restore()` or the end of a
 * block with `using`. Endpoints that are not named stay real; a service of which all called endpoints are named is never loaded.
 * Throws TestingError `not_a_client`, `stream_not_mockable`, `no_app_under_test`.
 */
export function mock<Client extends object>(client: Client, fakes: FakesOf<Client>): Disposable & { restore(): void } {
  const host = currentTestHost();
  const restores = Object.entries(fakes as Readonly<Record<string, (request?: unknown) => unknown>>).map(
    ([name, fake]) => {
      const method = (client as Readonly<Record<string, unknown>>)[name];
      const target = typeof method === "function" ? endpointOf(method) : undefined;
      if (target === undefined) throw new TestingError("not_a_client", { name });
      return host.replace(target.service, target.endpoint, fake);
    },
  );
  const restore = () => {
    for (const undo of restores.splice(0).reverse()) undo();
  };
  host.restores.push(restore);
  return { restore, [Symbol.dispose]: restore };
}
