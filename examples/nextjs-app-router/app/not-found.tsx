/** Next.js's own page has inline styles, which the CSP of proxy.ts stops. */
export default function NotFound() {
  return (
    <main>
      <h1>No such page.</h1>
    </main>
  );
}
