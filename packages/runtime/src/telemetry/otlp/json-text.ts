// Texts as they stand between the quotes of a JSON string: secrets taken out, and plain ASCII, so that characters are bytes and no
// encoder has to look at them again.
import { redactText } from "../redaction.ts";

const PLAIN = /^[ !#-[\]-~]*$/;
const NOT_ASCII = /[^ -~]/g;
/** With the `u` flag a pair is one character, so this finds halves of pairs only. Protobuf strings cannot hold them, and a collector would refuse the whole batch. */
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Of a text that may come from anywhere. */
export function jsonText(text: string): string {
  return escapeText(redactText(text));
}

/** Of one in which nothing is left to hide. */
export function escapeText(text: string): string {
  if (PLAIN.test(text)) return text;
  return JSON.stringify(text.replace(LONE_SURROGATE, "\ufffd")).slice(1, -1).replace(NOT_ASCII, escapeUnit);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
