// `tenon/test`: what tests of an app can say besides calling it.
export {
  asAuth,
  deliver,
  type Fake,
  type FakesOf,
  mock,
  published,
  resetDatabase,
  type TestClock,
  TestingError,
  type TestingErrorCode,
  useTestClock as useClock,
} from "@tenon/runtime/testing";
