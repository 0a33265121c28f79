import "reflect-metadata";
import { Body, Controller, Get, Injectable, Module, NotFoundException, Param, Post } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { api } from "tenon/api";

@Injectable()
class Cats {
  readonly names = new Map([["1", "Tom"]]);
}

@Controller("nest/cats")
class CatsController {
  constructor(private readonly cats: Cats) {}

  @Get(":id")
  find(@Param("id") id: string) {
    const name = this.cats.names.get(id);
    if (name === undefined) throw new NotFoundException("no such cat");
    return { id, name };
  }

  @Post()
  add(@Body() cat: { id: string; name: string }) {
    this.cats.names.set(cat.id, cat.name);
    return cat;
  }
}

@Module({ controllers: [CatsController], providers: [Cats] })
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: false });
await app.init();

export const nest = api.raw({ method: "*", path: "/nest/*rest", expose: true }, app.getHttpServer());
