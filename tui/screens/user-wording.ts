/** What can be done to many users at once. */
export type ManyDeed =
  | "enable"
  | "disable"
  | "unlock"
  | "revokeKeys"
  | "endSessions"
  | "remove"
  | "restore"
  | "purge"
  | { readonly addRole: string }
  | { readonly removeRole: string };

/** What is said before, while and after it is done. */
export interface Wording {
  /** On the button: `Disable`. */
  readonly deed: string;
  /** `Disabling` */
  readonly doing: string;
  /** What is true of them afterwards: `is disabled`, `are disabled`. */
  readonly is: string;
  readonly are: string;
  readonly consequences: readonly string[];
  /** The count has to be typed, or the name of a single one. */
  readonly typed?: boolean;
}

export function roleOf(deed: { addRole: string } | { removeRole: string }): string {
  return "addRole" in deed ? deed.addRole : deed.removeRole;
}

export function wordingOf(deed: ManyDeed): Wording {
  if (typeof deed !== "object") return wordings[deed];
  const role = roleOf(deed);
  const permissions = "What they may do changes at once, on open connections too.";
  return "addRole" in deed
    ? {
        deed: `Give the role ${role} to`,
        doing: `Giving the role ${role} to`,
        is: `has the role ${role}`,
        are: `have the role ${role}`,
        consequences: [permissions],
      }
    : {
        deed: `Take the role ${role} from`,
        doing: `Taking the role ${role} from`,
        is: `has the role ${role} no more`,
        are: `have the role ${role} no more`,
        consequences: [permissions],
      };
}

const wordings: Readonly<Record<Exclude<ManyDeed, object>, Wording>> = {
  enable: {
    deed: "Enable",
    doing: "Enabling",
    is: "is enabled",
    are: "are enabled",
    consequences: ["They may sign in again, and their keys work."],
  },
  disable: {
    deed: "Disable",
    doing: "Disabling",
    is: "is disabled",
    are: "are disabled",
    consequences: ["Sessions end and keys stop working, until the account is enabled again."],
  },
  unlock: {
    deed: "Unlock",
    doing: "Unlocking",
    is: "may sign in again",
    are: "may sign in again",
    consequences: ["Wrong passwords that were tried are forgotten."],
  },
  revokeKeys: {
    deed: "Revoke all keys of",
    doing: "Revoking the keys of",
    is: "has no live key",
    are: "have no live keys",
    consequences: ["The keys stop at once, open connections included, and never work again."],
  },
  endSessions: {
    deed: "End all sessions of",
    doing: "Ending the sessions of",
    is: "is signed in nowhere, but for the session that you use",
    are: "are signed in nowhere, but for the session that you use",
    consequences: ["Open connections are closed at once; API keys go on working."],
  },
  remove: {
    deed: "Delete",
    doing: "Deleting",
    is: "is deleted; the name stays reserved for 7 days",
    are: "are deleted; the names stay reserved for 7 days",
    consequences: [
      "Ends the sessions and revokes the keys at once.",
      "Can be restored for 7 days, then it is gone for good.",
    ],
    typed: true,
  },
  restore: {
    deed: "Restore",
    doing: "Restoring",
    is: "is back, disabled; the keys stay revoked",
    are: "are back, disabled; the keys stay revoked",
    consequences: ["They come back disabled, with roles and settings; keys stay revoked."],
  },
  purge: {
    deed: "Remove for good",
    doing: "Removing",
    is: "is gone, and the name is free",
    are: "are gone, and the names are free",
    consequences: ["Profile, settings and keys are gone, and nothing brings them back."],
    typed: true,
  },
};
