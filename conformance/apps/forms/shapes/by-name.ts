// The handler is a function with a name, the types stand beside `api`, the options in constants.
import { api } from "tenon/api";

interface Request {
  readonly name: string;
}

interface Response {
  readonly greeting: string;
}

const base = "/shapes";
const options = { method: "GET", path: `${base}/by-name/:name`, expose: true } as const;

async function handle(request: Request): Promise<Response> {
  return { greeting: `hello ${request.name}` };
}

export const byName = api<Request, Response>(options, handle);

export const inferred = api({ method: "GET", path: "/shapes/inferred", expose: true }, () => ({
  at: new Date(0),
  n: 1,
}));
