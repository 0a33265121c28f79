// Gives every service of the app its own colour. By order of name, so that a service keeps its colour on every page and visit.

const COLOURS = 10;

/** Service name -> CSS colour. The gateway is neutral: it is in every trace. */
export function serviceColour(service: string, services: readonly string[]): string {
  if (service === "gateway") return "var(--series-gateway)";
  const named = services.filter((name) => name !== "gateway");
  const index = named.indexOf(service);
  if (index >= 0) return `var(--series-${index % COLOURS})`;
  let hash = 0;
  for (const character of service) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return `var(--series-${hash % COLOURS})`;
}
