// The page of the shop: plain files, served as they are.
import { api } from "tenon/api";

export const page = api.static({ path: "/shop/*path", expose: true, dir: "./web" });
