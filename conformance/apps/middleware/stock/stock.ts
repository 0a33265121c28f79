import { api } from "tenon/api";

export const level = api({}, async () => ({ level: 21 }));

export const open = api({ method: "GET", path: "/open", expose: true }, async () => ({ level: 21 }));
