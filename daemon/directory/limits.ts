/** How much one user may hold. */
export interface DirectoryLimits {
  /** Live keys. */
  keysPerUser: number;
  /** Past it the session that was idle longest ends. */
  sessionsPerUser: number;
  /** Of the settings as JSON. */
  settingsBytes: number;
}

export const defaultDirectoryLimits: DirectoryLimits = {
  keysPerUser: 100,
  sessionsPerUser: 100,
  settingsBytes: 64 * 1024,
};
