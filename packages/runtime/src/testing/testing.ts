// `@tenon/runtime/testing`: what tests of an app stand on. Not part of a running service.
export { asAuth } from "./as-auth.ts";
export { deliver, published } from "./messages.ts";
export { type Fake, type FakesOf, mock } from "./mock.ts";
export { currentTestHost, startTestHost, type TestHost, type TestHostConfig } from "./test-host.ts";
export { type TestClock, useTestClock } from "./test-clock.ts";
export { TestingError, type TestingErrorCode, testingErrors } from "./errors.ts";
export { type ClonedDatabases, type CloneOptions, cloneTemplates, dropClones } from "./clone-databases.ts";
export {
  type DatabaseTemplate,
  dropLeftovers,
  ensureTemplate,
  type TemplateSource,
} from "./database-templates.ts";
export { resetDatabase } from "./reset-database.ts";
