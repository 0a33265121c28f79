-- AlterTable
ALTER TABLE "books" ADD COLUMN "pages" INTEGER NOT NULL;
