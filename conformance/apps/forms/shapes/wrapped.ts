// What goes through functions of the user keeps its name, and the type that comes out of them.
import { api } from "tenon/api";

let calls = 0;

function counted<Request, Response>(handler: (request: Request) => Promise<Response>) {
  return async (request: Request) => {
    calls += 1;
    return { calls, result: await handler(request) };
  };
}

export const wrapped = counted(
  api(
    { method: "POST", path: "/shapes/wrapped", expose: true },
    async ({ text }: { text: string }): Promise<{ text: string }> => ({ text: text.toUpperCase() }),
  ),
);

const plain = api({ method: "GET", path: "/shapes/constant", expose: true }, async () => ({ form: "constant" }));

export const constant = plain;
