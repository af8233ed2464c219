import { isRouteErrorResponse, Link, useRouteError } from "react-router";

/** Only shows: main.tsx reports. */
export function Crashed() {
  const error = useRouteError();
  const missing = isRouteErrorResponse(error) && error.status === 404;
  return (
    <main>
      <h1>{missing ? "No such page." : "That one crashed."}</h1>
      <Link to="/">Back to the kits</Link>
    </main>
  );
}
