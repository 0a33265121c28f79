// The declaration of a folder of files. The compiler reads its options; at run time the value only stands for the endpoint.

/** Where files are found and how they are answered. Values may be any expression whose type is a literal. */
export interface StaticOptions {
  /**
   * Starts with "/". A last `*name` or `!name` stands for the path of the file; the fallback, `!name`, counts when no other endpoint
   * matches. Without either, only the folder's `index.html` is served. Default: "/<service>.<endpoint>".
   */
  path?: string;
  /** Reachable from outside through the gateway. Default: false. */
  expose?: boolean;
  /** Only for callers who are authenticated. Default: false. */
  auth?: boolean;
  /** The folder, relative to the file of the declaration. */
  dir: string;
  /** The file that answers where there is none, relative to the file of the declaration. Default: a JSON error. */
  notFound?: string;
  /** Status of that answer; 200 for applications that route in the browser. Default: 404. */
  notFoundStatus?: number;
  /** Set on every answer that is a file; they replace what would be set otherwise. */
  headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Words to select endpoints by, for middleware and generated clients. */
  tags?: readonly string[];
}

/** What `api.static` returns. */
export class StaticAssets {
  readonly options: StaticOptions;

  constructor(options: StaticOptions) {
    this.options = options;
  }
}
