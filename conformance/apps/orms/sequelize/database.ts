import { SQLDatabase } from "encore.dev/storage/sqldb";
import { DataTypes, type InferAttributes, type InferCreationAttributes, Model, Sequelize } from "sequelize";
import type { CreationOptional } from "sequelize";

const DB = new SQLDatabase("sequelize_books", { migrations: "./migrations" });

export const sequelize = new Sequelize(DB.connectionString, { logging: false });

export class BookModel extends Model<InferAttributes<BookModel>, InferCreationAttributes<BookModel>> {
  declare id: CreationOptional<number>;
  declare title: string;
  declare pages: number;
}

BookModel.init(
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    title: { type: DataTypes.TEXT, allowNull: false },
    pages: { type: DataTypes.INTEGER, allowNull: false },
  },
  { sequelize, tableName: "books", timestamps: false },
);
