/** Where the store tells what happens to it; pino's form, details first. */
export interface StoreLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

const ignore = (): void => {};

export const silentLog: StoreLog = { info: ignore, warn: ignore, error: ignore };
