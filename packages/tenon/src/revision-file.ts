// The file of a production build that says of which sources it was made.
export const REVISION_FILE = "revision.json";

/** Says the same for a build without the file: that of a unit. */
export const REVISION_VARIABLE = "TENON_REVISION";
