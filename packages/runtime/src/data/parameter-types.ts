// Which parameters of a statement are JSON: only the server knows, and a string, a date or an array is written otherwise for a JSON
// column than for any other. Asked once for each text of a statement that writes.
import type pg from "pg";

const jsonTypes = new Set([114, 3802]);
const mostKnown = 1_000;

/** For each parameter. */
export type JsonPositions = readonly boolean[];

export class ParameterTypes {
  readonly #known = new Map<string, JsonPositions>();

  known(text: string): JsonPositions | undefined {
    return this.#known.get(text);
  }

  /** `client`: not in use, and without a pipeline. Rejects with what the server has against the statement. */
  async ask(text: string, client: pg.Client): Promise<JsonPositions> {
    const types = await new Promise<readonly number[]>((resolve, reject) => {
      client.query(new DescribedStatement(text, resolve, reject));
    });
    const positions = types.map((type) => jsonTypes.has(type));
    if (this.#known.size >= mostKnown) this.#known.clear();
    this.#known.set(text, positions);
    return positions;
  }

  /** After its tables changed. */
  forget(text: string): void {
    this.#known.delete(text);
  }
}

/** What the driver's typings do not say of its connection. */
interface ConnectionInternals {
  parse(statement: { name: string; text: string; types: readonly number[] }): void;
  describe(what: { type: "S"; name: string }): void;
  sync(): void;
  once(event: "parameterDescription", listener: (message: { readonly dataTypeIDs: number[] }) => void): void;
  removeListener(event: "parameterDescription", listener: (message: { readonly dataTypeIDs: number[] }) => void): void;
}

/** Has a statement parsed and described, and not run. The names of its methods are those that the driver calls. */
class DescribedStatement implements pg.Submittable {
  readonly #text: string;
  readonly #resolve: (types: readonly number[]) => void;
  readonly #reject: (error: unknown) => void;
  #types: readonly number[] = [];
  #error: unknown;
  #stopListening: () => void = () => {};

  constructor(text: string, resolve: (types: readonly number[]) => void, reject: (error: unknown) => void) {
    this.#text = text;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  submit(connection: pg.Connection): void {
    const internals = connection as unknown as ConnectionInternals;
    const listener = ({ dataTypeIDs }: { readonly dataTypeIDs: number[] }): void => {
      this.#types = dataTypeIDs;
    };
    internals.once("parameterDescription", listener);
    this.#stopListening = () => internals.removeListener("parameterDescription", listener);
    internals.parse({ name: "", text: this.#text, types: [] });
    internals.describe({ type: "S", name: "" });
    internals.sync();
  }

  /** The columns of what it returns: nobody asked. */
  handleRowDescription(): void {}

  /** A refused statement is followed by readyForQuery; a broken connection is not. */
  handleError(error: unknown): void {
    this.#error = error;
    this.#stopListening();
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    this.#stopListening();
    if (this.#error === undefined) this.#resolve(this.#types);
  }
}
