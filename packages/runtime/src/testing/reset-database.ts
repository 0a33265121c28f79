// Between the tests of one file: databases as the migrations left them.
import { currentTestHost } from "./test-host.ts";

/**
 * Puts all databases of the app back to what the migrations made of them: rows, and where sequences stand. Connections stay open. Call
 * it in `beforeEach` when tests of one file must not see each other's rows. Throws TestingError `no_app_under_test`.
 */
export async function resetDatabase(): Promise<void> {
  await currentTestHost().resetDatabases();
}
