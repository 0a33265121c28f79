import { integer, pgTable, serial, text } from "drizzle-orm/pg-core";

export const books = pgTable("books", {
  id: serial("id").primaryKey(),
  title: text("title").notNull().unique(),
  pages: integer("pages").notNull(),
});
