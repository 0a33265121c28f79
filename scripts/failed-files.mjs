// A reporter of Node's test runner: the files in which a test failed, one a line. A test that is written in a file which several test files share
// is told with the shared one; where Node sums up each test file by itself (from 22.12 on), the one that ran takes its place.
/** @param {AsyncIterable<{type: string, data: {file?: string, name: string, todo?: unknown, success?: boolean}}>} events */
export default async function* failedFiles(events) {
  /** Of the test file whose tests are told now. */
  const named = new Set();
  for await (const { type, data } of events) {
    if (type === "test:summary" && data.file !== undefined && data.success === false) {
      named.clear();
      yield `${data.file}\n`;
    }
    // A file that could not be run is a test of its own, named after it.
    if (type === "test:fail" && (data.todo === undefined || data.todo === false)) named.add(data.file ?? data.name);
  }
  for (const file of named) yield `${file}\n`;
}
