import type { SQLDatabase, Transaction } from "encore.dev/storage/sqldb";

/** Is handed the database, or a transaction on it. */
export class Store {
  constructor(private readonly db: SQLDatabase | Transaction) {}

  async add(text: string, amount: number): Promise<number> {
    const row = await this.db.queryRow<{ id: number }>`
      INSERT INTO entries (text, amount) VALUES (${text}, ${amount}) RETURNING id
    `;
    return row!.id;
  }
}
