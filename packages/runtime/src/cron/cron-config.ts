// Where runs of cron jobs are written down.

/** `memory`: nowhere; right for development and for an app that runs in one process only. */
export type CronConfig = { readonly kind: "postgres"; readonly connectionString: string } | { readonly kind: "memory" };
