export function twice(n: number): number;
