// An error of the user's own code in the middle of a statement that it feeds (COPY): it is no failure of the database, and is thrown as it is.

export class SourceFailure extends Error {
  constructor(cause: unknown) {
    super("the source of the rows failed", { cause });
  }
}
