// What must never be read in a log line or a trace: the values of secrets, wherever they turn up in a text, and the values of fields
// that a type of the app declares as `Sensitive`, by their name.

/** Shorter ones ("1", "true", "abc") would be found everywhere, and their place in every text would give them away. */
const MIN_SECRET_LENGTH = 6;
export const HIDDEN_FIELD = "[sensitive]";

let labels = new Map<string, string>();
let pattern: RegExp | undefined;
/** No text shorter than the shortest form can hold one. */
let shortestForm = 0;
let version = 0;
let fields: ReadonlySet<string> = new Set();

/** By name: from now on each value is replaced by `[secret <name>]`. Values shorter than six characters are left alone. */
export function hideSecrets(secrets: Readonly<Record<string, string>>): void {
  labels = new Map();
  for (const [name, value] of Object.entries(secrets)) addLabel(name, value);
  makePattern();
}

/** One more. */
export function hideValue(name: string, value: string): void {
  addLabel(name, value);
  makePattern();
}

function addLabel(name: string, value: string): void {
  if (value.length >= MIN_SECRET_LENGTH) for (const form of formsOf(value)) labels.set(form, `[secret ${name}]`);
}

function makePattern(): void {
  // The longest first: one secret may contain another.
  const forms = [...labels.keys()].sort((a, b) => b.length - a.length);
  shortestForm = forms.at(-1)?.length ?? 0;
  version++;
  pattern = forms.length === 0 ? undefined : new RegExp(forms.map(escapePattern).join("|"), "g");
}

/** Names of properties whose values are not shown. */
export function hideFields(names: Iterable<string>): void {
  fields = new Set(names);
}

export function redactText(text: string): string {
  if (pattern === undefined || text.length < shortestForm) return text;
  return text.replace(pattern, (found) => labels.get(found) ?? found);
}

/** Grows when there is something new to hide: what was made with an older one has to be looked through again. */
export function redactionVersion(): number {
  return version;
}

export function isHiddenField(name: string): boolean {
  return fields.has(name);
}

export function hidesFields(): boolean {
  return fields.size > 0;
}

/** As it is, as a JSON string, and as a JSON string within one. */
function formsOf(value: string): Set<string> {
  const once = JSON.stringify(value).slice(1, -1);
  return new Set([value, once, JSON.stringify(once).slice(1, -1)]);
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
