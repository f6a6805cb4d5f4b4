/** Where the store tells how long its writing took, in milliseconds, and how much it was. */
export interface StoreMeter {
  /** One group of changes, synced. */
  journalWritten(ms: number, bytes: number): void;
  snapshotWritten(ms: number): void;
}

export const silentMeter: StoreMeter = { journalWritten() {}, snapshotWritten() {} };
