// The items of the streamed answer as JSON lines, made one by one when somebody asks for the next.
export function* tickLines() {
  for (let id = 1; id <= 1_000; id++) yield `${JSON.stringify({ id, name: `item ${id}` })}\n`;
}
