// NestJS on Fastify with class-validator. Compiled before it is run: its decorators need their metadata.
import "reflect-metadata";
import { Readable } from "node:stream";
import {
  BadRequestException,
  Body,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Header,
  Headers,
  HttpCode,
  Injectable,
  Module,
  Param,
  ParseFloatPipe,
  Post,
  Query,
  Req,
  StreamableFile,
  UnauthorizedException,
  UseGuards,
  ValidationPipe,
} from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { FastifyAdapter, type NestFastifyApplication } from "@nestjs/platform-fastify";
import { Type } from "class-transformer";
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsNumber, IsString, ValidateBy, ValidateIf } from "class-validator";
import { people } from "../../http/people.mjs";
import { submissionAnswer } from "../../http/peers/submission-answer.mjs";
import { tickLines } from "../../http/peers/tick-lines.mjs";
import { userOfToken } from "../../http/tokens.mjs";

/** May be absent, but not null: what IsOptional would let pass. */
const MayBeAbsent = () => ValidateIf((_object, value) => value !== undefined);
const Is = (name: string, validate: (value: unknown) => boolean) => ValidateBy({ name, validator: { validate } });
const isRestricted = (value: unknown) =>
  typeof value === "string" ? value.length <= 5 : typeof value === "number" && value >= 10;

class Submission {
  @MayBeAbsent() @IsString() someKey?: string;
  @MayBeAbsent() @IsNumber() someOtherKey?: number;
  @IsArray() @ArrayMaxSize(3) @IsInt({ each: true }) requiredKey!: number[];
  @MayBeAbsent() @Is("numberOrNull", (value) => value === null || typeof value === "number") nullableKey?: unknown;
  @MayBeAbsent()
  @Is("booleanOrNumber", (value) => typeof value === "boolean" || typeof value === "number")
  multipleTypesKey?: unknown;
  @MayBeAbsent() @Is("restricted", isRestricted) multipleRestrictedTypesKey?: unknown;
  @MayBeAbsent() @IsIn(["John", "Foo"]) enumKey?: string;
}

class SubmissionQuery {
  @MayBeAbsent() @IsString() name?: string;
  @MayBeAbsent() @Type(() => Number) @IsNumber() excitement?: number;
}

interface Caller {
  userId?: string;
}

@Injectable()
class BearerGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest();
    const { authorization = "" } = request.headers;
    const userId = authorization.startsWith("Bearer ") ? userOfToken.get(authorization.slice(7)) : undefined;
    if (userId === undefined) throw new UnauthorizedException();
    request.userId = userId;
    return true;
  }
}

@Controller()
class BenchController {
  @Get("hello/:name")
  hello(@Param("name") name: string) {
    return { message: `Hello ${name}` };
  }

  @Post("schema")
  @HttpCode(200)
  submit(@Headers("x-foo") foo: string | undefined, @Query() query: SubmissionQuery, @Body() body: Submission) {
    if (foo === undefined) throw new BadRequestException("x-foo is missing");
    return submissionAnswer(foo, query.name, query.excitement, body.requiredKey);
  }

  @Get("people")
  people() {
    return { people };
  }

  @Get("users/:userId/orders/:orderId")
  order(@Param("userId") userId: string, @Param("orderId", ParseFloatPipe) orderId: number) {
    return { userId, orderId };
  }

  @Get("me")
  @UseGuards(BearerGuard)
  me(@Req() { userId }: Caller) {
    return { userId };
  }

  @Get("ticks")
  @Header("content-type", "application/x-ndjson")
  ticks() {
    return new StreamableFile(Readable.from(tickLines(), { objectMode: false }));
  }
}

@Module({ controllers: [BenchController], providers: [BearerGuard] })
class BenchModule {}

const app = await NestFactory.create<NestFastifyApplication>(BenchModule, new FastifyAdapter(), { logger: false });
app.useGlobalPipes(new ValidationPipe({ transform: true }));
await app.listen(Number(process.env.PORT), "127.0.0.1");
