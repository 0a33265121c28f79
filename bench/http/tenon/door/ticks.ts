// A thousand small items, made one by one, as JSON lines.
import { api } from "tenon/api";

interface Tick {
  id: number;
  name: string;
}

export const ticks = api({ method: "GET", path: "/ticks", expose: true }, async function* (): AsyncGenerator<Tick> {
  for (let id = 1; id <= 1_000; id++) yield { id, name: `item ${id}` };
});
