// The environment variables of a process, among which the clouds say who it is.
export type Environment = Readonly<Record<string, string | undefined>>;

/** undefined also where it is empty: deployment files often set a variable to nothing. */
export function settingOf(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  return value === "" ? undefined : value;
}
