// A default export without a name is called after its file.
import { api } from "tenon/api";

export default api({ method: "GET", path: "/shapes/whoami/:who", expose: true }, async ({ who }: { who: string }) => ({
  form: "default",
  who,
}));
