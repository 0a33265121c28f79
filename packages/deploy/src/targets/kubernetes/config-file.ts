// A ConfigMap with one file in it, which pods mount.

export interface ConfigFile {
  readonly name: string;
  /** What the file is called where it is mounted. */
  readonly file: string;
  /** What it is called among the generated files of Kustomize. */
  readonly source: string;
  readonly text: string;
  /** Only migrations use it. */
  readonly isMigrations: boolean;
}
