import { Role } from "@acme/shared";

export const add = (a: number, b: number): number => a + b;

export const admin: Role = Role.Admin;
