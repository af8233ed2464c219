import { Form, Link, Outlet, useLoaderData } from "react-router";
import { currentUserId } from "../api.ts";

/** Runs when the page loads and after every action, so log-in and log-out show at once. */
export async function loader() {
  return { userId: await currentUserId() };
}

export function Component() {
  const { userId } = useLoaderData<typeof loader>();
  return (
    <>
      <nav>
        <Link to="/">Kits</Link> <Link to="/orders">Orders</Link>{" "}
        {userId ? (
          <Form method="post" action="/leave">
            <button>Log out</button>
          </Form>
        ) : (
          <Link to="/enter">Come in</Link>
        )}
      </nav>
      <main>
        <Outlet />
      </main>
    </>
  );
}
