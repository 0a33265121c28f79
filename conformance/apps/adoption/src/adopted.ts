import { api } from "tenon/api";
import app from "./app.ts";

/** Everything that no endpoint answers. */
export const adopted = api.raw({ method: "*", path: "/!rest", expose: true, bodyLimit: null }, app);
