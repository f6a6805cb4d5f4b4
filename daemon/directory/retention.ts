/** How long what has ended is kept before it is removed for good; in milliseconds. */
export interface Retention {
  /** From a user's deletion to the purge. */
  deletedUsers: number;
  /** From a key's end (revoked, expired, or grace over) until it is dropped. */
  endedKeys: number;
}

const DAY = 24 * 3_600_000;

export const defaultRetention: Retention = { deletedUsers: 7 * DAY, endedKeys: 90 * DAY };
