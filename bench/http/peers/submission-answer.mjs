// What every peer answers to a valid submission: a text and a sum that need all that was decoded.
export function submissionAnswer(foo, name, excitement, requiredKey) {
  let total = 0;
  for (const value of requiredKey) total += value;
  return { message: `Hello ${name ?? "World"} from ${foo}`, excitement: excitement ?? 0, total };
}
