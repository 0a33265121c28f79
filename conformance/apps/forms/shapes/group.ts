// Members of objects and classes, and a constant that becomes one.
import { api } from "tenon/api";

const remove = api(
  { method: "DELETE", path: "/shapes/items/:id", expose: true },
  async ({ id }: { id: number }): Promise<{ removed: number }> => ({ removed: id }),
);

export const items = {
  getItem: api({ method: "GET", path: "/shapes/items/:id", expose: true }, async ({ id }: { id: number }) => ({ id })),
  removeItem: remove,
};

export const frozen = Object.freeze({
  nested: { deep: api({ method: "GET", path: "/shapes/deep", expose: true }, async () => ({ form: "nested" })) },
});

// biome-ignore lint/complexity/noStaticOnlyClass: the form that is tested
export class Controller {
  static readonly greeting: string = "hello from a class";

  static greet = api({ method: "GET", path: "/shapes/class", expose: true }, async () => ({
    form: Controller.greeting,
  }));
}
