import { Link, useLoaderData } from "react-router";
import { kits } from "../api.ts";

export const loader = kits;

export function Component() {
  const kits = useLoaderData<typeof loader>();
  return (
    <>
      <h1>Paper-airplane kits</h1>
      <ul>
        {kits.map((kit) => (
          <li key={kit.slug}>
            <Link to={`/kits/${kit.slug}`}>{kit.name}</Link>
          </li>
        ))}
      </ul>
    </>
  );
}
