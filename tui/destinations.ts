import type { OwnPermission, Principal } from "../protocol/index.ts";
import type { Navigation, Screen } from "./navigation.ts";
import type { Session } from "./session.ts";

interface Named {
  /** What a person types to get there. */
  readonly name: string;
  readonly help: string;
  /** Null: everybody may. */
  readonly needs: OwnPermission | null;
}

/** Something to go to or to do by its name, from wherever one is. */
export type Destination = Named &
  (
    | {
        /** Null where there is no such screen for this person. */
        screen(principal: Principal): Screen | null;
      }
    | {
        /** What has to be named, for people: `USER`. */
        readonly argument: string;
        /** @throws what the daemon refuses, such as a name that nobody has. */
        find(session: Session, argument: string): Promise<Screen>;
      }
    | { run(to: { session: Session; navigation: Navigation }): void | Promise<void> }
  );

/** Everything that the palette and the help offer; each screen that stands on its own has its line here. */
const destinations: readonly Destination[] = [
  {
    name: "users",
    help: "all users",
    needs: "users.read",
    screen: () => ({ name: "home" }),
  },
  {
    name: "user",
    help: "one user, by name",
    needs: "users.read",
    argument: "USER",
    async find(session, argument) {
      const { id, username } = await session.call("users.get", { user: argument });
      return { name: "user", id, username };
    },
  },
  {
    name: "new user",
    help: "make a user",
    needs: "users.create",
    screen: () => ({ name: "newUser" }),
  },
  {
    name: "keys",
    help: "everybody's API keys",
    needs: "keys.manage",
    screen: () => ({ name: "keys", filter: "" }),
  },
  {
    name: "sessions",
    help: "where everybody is signed in",
    needs: "sessions.manage",
    screen: () => ({ name: "sessions" }),
  },
  {
    name: "audit",
    help: "what happened and what was tried",
    needs: "audit.read",
    screen: () => ({ name: "audit", filter: "" }),
  },
  {
    name: "events",
    help: "changes as they happen",
    needs: null,
    screen: () => ({ name: "events" }),
  },
  {
    name: "roles",
    help: "all roles: what they permit, who has them",
    needs: "users.read",
    screen: () => ({ name: "roles" }),
  },
  {
    name: "permissions",
    help: "which role permits what",
    needs: "users.read",
    screen: () => ({ name: "matrix" }),
  },
  {
    name: "new role",
    help: "make a role",
    needs: "roles.manage",
    screen: () => ({ name: "newRole" }),
  },
  {
    name: "presence",
    help: "the board: who is where, and back when",
    needs: "presence.read",
    screen: () => ({ name: "presence" }),
  },
  {
    name: "account",
    help: "your own account",
    needs: null,
    screen: ({ userId, username }) =>
      userId === null ? null : { name: "user", id: userId, username: username ?? "" },
  },
  {
    name: "change password",
    help: "your own",
    needs: null,
    screen: ({ kind }) => (kind === "session" ? { name: "changePassword" } : null),
  },
  {
    name: "help",
    help: "all keys and names",
    needs: null,
    screen: () => ({ name: "help", here: [] }),
  },
  {
    name: "sign out",
    help: "end this session and sign in as somebody",
    needs: null,
    run: ({ session, navigation }) => navigation.leave(() => session.signOut()),
  },
  {
    name: "quit",
    help: "back to the shell",
    needs: null,
    run: ({ navigation }) => navigation.quit(),
  },
];

/** What this person may go to. The daemon decides anew at each call; this only spares the way to a refusal. */
export function destinationsFor(principal: Principal): Destination[] {
  return destinations.filter((destination) => {
    const { needs } = destination;
    if (needs !== null && !principal.permissions.includes(needs)) return false;
    if ("screen" in destination) return destination.screen(principal) !== null;
    // Over the Unix socket nobody has signed in.
    return destination.name !== "sign out" || principal.kind !== "local";
  });
}

/** A destination that answers what was typed. */
export interface Match {
  destination: Destination;
  /** Which characters of the name were typed, for drawing. */
  at: ReadonlySet<number>;
  /** What was typed after the name, where the destination wants something named. */
  argument: string;
}

/** Those whose names have what was typed, in its order: first names and words that begin with it. */
export function findDestinations(offered: readonly Destination[], typed: string): Match[] {
  const [command = "", ...rest] = typed.trimStart().split(" ");
  return offered
    .flatMap((destination) => {
      const wantsArgument = "argument" in destination;
      const found = matchName(destination.name, wantsArgument ? command : typed.trim());
      if (!found) return [];
      return [{ destination, argument: wantsArgument ? rest.join(" ").trim() : "", ...found }];
    })
    .sort((a, b) => a.rank - b.rank);
}

/** Where the typed letters stand in the name, and how good that is, from 0; null where they do not. */
function matchName(name: string, typed: string): { rank: number; at: Set<number> } | null {
  const wanted = typed.toLowerCase();
  if (name === wanted) return { rank: 0, at: span(0, wanted.length) };
  if (name.startsWith(wanted)) return { rank: 1, at: span(0, wanted.length) };
  const word = name.indexOf(` ${wanted}`);
  if (word !== -1) return { rank: 2, at: span(word + 1, wanted.length) };
  const at = new Set<number>();
  let from = 0;
  for (const letter of wanted) {
    const found = name.indexOf(letter, from);
    // The first letter counts: otherwise half the names match anything.
    if (found === -1 || (at.size === 0 && found !== 0)) return null;
    at.add(found);
    from = found + 1;
  }
  return { rank: 3, at };
}

function span(from: number, length: number): Set<number> {
  return new Set(Array.from({ length }, (_, index) => from + index));
}
