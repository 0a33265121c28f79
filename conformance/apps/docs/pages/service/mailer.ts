/** Stands for a library that sends mail. */
export declare const mailer: {
  connect(): Promise<void>;
  ping(): Promise<void>;
  close(options: { signal: AbortSignal }): Promise<void>;
};
