// `tenon/internal/test`: what the setup modules of test runners are made of. Not for hand-written code.
export { openTestFile } from "../test/open-test-file.ts";
