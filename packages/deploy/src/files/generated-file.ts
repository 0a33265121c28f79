// A file that a target gives: text with a place below the output folder.

export interface GeneratedFile {
  /** Relative to the output folder, with forward slashes. */
  readonly path: string;
  /** Ends with a newline. */
  readonly text: string;
  readonly isExecutable?: true;
  /** Written where there is none, and the user's from then on: overlays, overrides, values. */
  readonly isUsers?: true;
}
