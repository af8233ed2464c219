import { useEffect } from "react";
import posthog from "posthog-js";

/**
 * Makes posthog-js follow the server's session: the only place where identify and reset are called.
 * After sign-up or log-in, identify joins the anonymous visit to the user; it sends nothing when nothing changed.
 * After log-out, or when the session has expired, userId is null, and reset makes the next visitor of this browser a new one.
 * A page without getServerSideProps (404) knows nothing of the session: userId is undefined, and nothing may change.
 */
export function Identity({ userId }: { userId?: string | null }) {
  useEffect(() => {
    if (userId === undefined) return;
    const known = posthog.get_property("$user_state") === "identified";
    if (known && posthog.get_distinct_id() !== userId) posthog.reset();
    if (userId) posthog.identify(userId);
  }, [userId]);
  return null;
}
