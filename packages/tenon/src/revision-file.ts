// The file of a production build that says of which sources it was made.
export const REVISION_FILE = "revision.json";
