// What a test can ask for wrongly: docs/reference/errors.md lists the same words.
import { fillMessage } from "../errors.ts";

export const testingErrors = {
  no_app_under_test: {
    message: "no app was made ready for this test",
    hint: "Run the tests with `tenon test`, add the plugin of tenon/vitest, or start Node with --import tenon/test/register.",
  },
  not_a_client: {
    message: 'mock() was given something without a method "{name}" of a generated client',
    hint: "Give it a client of ~tenon/clients: mock(users, { get: async () => ... }).",
  },
  stream_not_mockable: {
    message: "{endpoint} is a stream, which mock() cannot stand in for",
    hint: "Replace the module of the service instead, with the test runner's own mocks.",
  },
  no_such_topic: {
    message: 'the app has no topic "{topic}"',
    hint: "Give a Topic that the app declares at the top level of a file.",
  },
  delivery_failed: {
    message: 'the subscription "{subscription}" did not handle a message: {reason}',
    hint: "In the running app the message would be tried again, as the subscription's retry policy says.",
  },
} as const;

export type TestingErrorCode = keyof typeof testingErrors;

export class TestingError extends Error {
  override readonly name = "TestingError";
  readonly code: TestingErrorCode;
  readonly hint: string;

  constructor(code: TestingErrorCode, words: Readonly<Record<string, string>> = {}) {
    const { message, hint } = testingErrors[code];
    super(`${fillMessage(message, words)}. ${hint}`);
    this.code = code;
    this.hint = hint;
  }
}
