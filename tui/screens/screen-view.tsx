import type { Screen } from "../navigation.ts";
import { AuditScreen } from "./audit.tsx";
import { EditKey } from "./edit-key.tsx";
import { EditRole } from "./edit-role.tsx";
import { EditSettings } from "./edit-settings.tsx";
import { EditUser } from "./edit-user.tsx";
import { EntryScreen } from "./entry.tsx";
import { EventsScreen } from "./events.tsx";
import { HelpScreen } from "./help.tsx";
import { Home } from "./home.tsx";
import { KeysScreen } from "./keys.tsx";
import { MatrixScreen } from "./matrix.tsx";
import { NewKey } from "./new-key.tsx";
import { ChangePassword } from "./new-password.tsx";
import { NewRole } from "./new-role.tsx";
import { NewUser } from "./new-user.tsx";
import { Palette } from "./palette.tsx";
import { PresenceScreen } from "./presence.tsx";
import { RoleScreen } from "./role.tsx";
import { RolesScreen } from "./roles.tsx";
import { RotateKey } from "./rotate-key.tsx";
import { RotateKeys } from "./rotate-keys.tsx";
import { SessionsScreen } from "./sessions.tsx";
import { SetPresence } from "./set-presence.tsx";
import { UserScreen } from "./user.tsx";
import { UsersScreen } from "./users.tsx";

/** Draws a screen of the stack. */
export function ScreenView({ screen }: { screen: Screen }) {
  switch (screen.name) {
    case "home":
      return <Home />;
    case "users":
      return <UsersScreen filter={screen.filter} />;
    case "user":
      return <UserScreen id={screen.id} username={screen.username} tab={screen.tab} />;
    case "newUser":
      return <NewUser {...screen} />;
    case "editUser":
      return <EditUser user={screen.user} />;
    case "editSettings":
      return <EditSettings {...screen} />;
    case "newKey":
      return <NewKey {...screen} />;
    case "editKey":
      return <EditKey apiKey={screen.apiKey} />;
    case "rotateKey":
      return <RotateKey apiKey={screen.apiKey} />;
    case "changePassword":
      return <ChangePassword />;
    case "roles":
      return <RolesScreen />;
    case "role":
      return <RoleScreen role={screen.role} />;
    case "newRole":
      return <NewRole {...screen} />;
    case "editRole":
      return <EditRole role={screen.role} />;
    case "matrix":
      return <MatrixScreen />;
    case "presence":
      return <PresenceScreen />;
    case "setPresence":
      return <SetPresence entry={screen.entry} />;
    case "keys":
      return <KeysScreen filter={screen.filter} />;
    case "rotateKeys":
      return <RotateKeys {...screen} />;
    case "sessions":
      return <SessionsScreen />;
    case "audit":
      return <AuditScreen filter={screen.filter} />;
    case "events":
      return <EventsScreen />;
    case "entry":
      return <EntryScreen entry={screen.entry} />;
    case "palette":
      return <Palette />;
    case "help":
      return <HelpScreen here={screen.here} />;
  }
}
