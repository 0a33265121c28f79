// A reporter of Node's test runner: the files in which a test failed, one a line.
/** @param {AsyncIterable<{type: string, data: {file?: string, name: string}}>} events */
export default async function* failedFiles(events) {
  const told = new Set();
  for await (const { type, data } of events) {
    if (type !== "test:fail") continue;
    // A file that could not be run is a test of its own, named after it.
    const file = data.file ?? data.name;
    if (told.has(file)) continue;
    told.add(file);
    yield `${file}\n`;
  }
}
