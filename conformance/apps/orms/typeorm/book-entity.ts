import { Column, Entity, PrimaryGeneratedColumn } from "typeorm";

@Entity({ name: "books" })
export class BookEntity {
  @PrimaryGeneratedColumn()
  id!: number;

  // Their types reach TypeORM as metadata of the decorators.
  @Column()
  title!: string;

  @Column()
  pages!: number;
}
