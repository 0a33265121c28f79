// Every verb of the `tenon` command, in the order the overview shows them.
import { buildCommand } from "./build.ts";
import { checkCommand } from "./check.ts";
import { cronCommand } from "./cron.ts";
import type { Command } from "./definition.ts";
import { devCommand } from "./dev.ts";
import { genCommand } from "./gen.ts";
import { graphCommand } from "./graph.ts";
import { logsCommand } from "./logs.ts";
import { migrateCommand } from "./migrate.ts";
import { secretCommand } from "./secret.ts";
import { startCommand } from "./start.ts";
import { topicCommand } from "./topic.ts";
import { testCommand } from "./test.ts";
import { traceCommand } from "./trace.ts";

export const commands: readonly Command[] = [
  devCommand,
  checkCommand,
  graphCommand,
  genCommand,
  testCommand,
  buildCommand,
  startCommand,
  migrateCommand,
  traceCommand,
  cronCommand,
  topicCommand,
  logsCommand,
  secretCommand,
];
