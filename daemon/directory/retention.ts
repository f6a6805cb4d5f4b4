/** How long what has ended is kept before it is removed for good; in milliseconds, if not said otherwise. */
export interface Retention {
  /** From a user's deletion to the purge. */
  deletedUsers: number;
  /** From a key's end (revoked, expired, or grace over) until it is dropped. */
  endedKeys: number;
  /** From an audit entry until it may go. */
  audit: number;
  /** The audit is kept to about this size, in bytes. */
  auditBytes: number;
}

const DAY = 24 * 3_600_000;

export const defaultRetention: Retention = {
  deletedUsers: 7 * DAY,
  endedKeys: 90 * DAY,
  audit: 365 * DAY,
  auditBytes: 1024 ** 3,
};
