export const extra = (): string => "extra";
