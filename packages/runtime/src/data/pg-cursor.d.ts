// pg-cursor comes without typings; what we use of it.
declare module "pg-cursor" {
  import type { Connection, Submittable } from "pg";

  export default class Cursor<Row> implements Submittable {
    constructor(
      text: string,
      values: unknown[],
      config: { types: { getTypeParser(oid: number): (text: string) => unknown } },
    );
    submit(connection: Connection): void;
    read(rows: number): Promise<Row[]>;
    close(): Promise<void>;
  }
}
