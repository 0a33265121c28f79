// One parameter of the path, one field of an answer: what a framework costs when there is nothing to do.
import { api } from "tenon/api";

export const hello = api(
  { method: "GET", path: "/hello/:name", expose: true },
  ({ name }: { name: string }): { message: string } => ({ message: `Hello ${name}` }),
);
