// The environment variable by which the plugin tells the other modules of a test run whose tests these are.
export const appVariable = "TENON_TEST_APP";
