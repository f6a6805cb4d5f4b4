/** How much the directory, and one user in it, may hold. */
export interface DirectoryLimits {
  roles: number;
  /** Live ones. */
  keysPerUser: number;
  /** Past it the session that was idle longest ends. */
  sessionsPerUser: number;
  /** Of the settings as JSON. */
  settingsBytes: number;
}

export const defaultDirectoryLimits: DirectoryLimits = {
  roles: 1000,
  keysPerUser: 100,
  sessionsPerUser: 100,
  settingsBytes: 64 * 1024,
};
