import { useLoaderData } from "react-router";
import { orders } from "../api.ts";

/** The route's guard is the API: without a session its answer is 401, and api.ts redirects to /enter. */
export const loader = orders;

export function Component() {
  const orders = useLoaderData<typeof loader>();
  return (
    <>
      <h1>Your hangar</h1>
      <ul>
        {orders.map((order) => (
          <li key={order.id}>{order.kit.name}, ordered. Mind the wind.</li>
        ))}
      </ul>
    </>
  );
}
