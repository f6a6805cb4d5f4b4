import { useContext, useEffect, useState } from "react";
import { type AuditFilter, AuditTrail, type AuditView } from "../audit-trail.ts";
import { ShownContext } from "../navigation.ts";
import { useOnline, useSession } from "../use-session.ts";
import { useWatched } from "../watched.ts";

/** What was denied or failed is no event: it is looked for this often. */
const POLL_MS = 5000;

/** The audit as far as it passes the filter, `height` rows of it in view; live while the screen is the one that is shown. */
export function useAuditTrail(filter: AuditFilter, height: number): { trail: AuditTrail; view: AuditView } {
  const session = useSession();
  const online = useOnline();
  const shown = useContext(ShownContext);
  const [trail] = useState(
    () =>
      new AuditTrail({
        query: (params) => session.call("audit.query", params),
        tip: () => session.call("audit.tip", {}),
      }),
  );
  const view = useWatched(trail);
  useEffect(() => trail.ask(filter), [trail, filter]);
  useEffect(() => trail.resize(height), [trail, height]);
  useEffect(() => {
    if (!online || !shown) return;
    trail.refresh();
    const timer = setInterval(() => trail.changed(), POLL_MS);
    const unfollow = session.follow(() => trail.changed());
    return () => {
      clearInterval(timer);
      unfollow();
    };
  }, [trail, session, online, shown]);
  useEffect(() => () => trail.stop(), [trail]);
  return { trail, view };
}
