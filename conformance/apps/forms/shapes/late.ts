// Exported below their declaration, under their own name and under another.
import { api } from "tenon/api";

const late = api({ method: "GET", path: "/shapes/late", expose: true }, async () => ({ form: "late" }));

const internalName = api({ method: "GET", path: "/shapes/renamed", expose: true }, async () => ({ form: "renamed" }));

export { late, internalName as renamed };
