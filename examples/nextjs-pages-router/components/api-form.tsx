import { useRouter } from "next/router";
import { useState, type ReactNode, type SubmitEvent } from "react";

/** Sends its fields to an API route as JSON, and goes on to the next page, or shows why it can't. */
export function ApiForm({ method = "POST", action, next, children }: {
  method?: "POST" | "DELETE";
  action: string;
  next: string;
  children: ReactNode;
}) {
  const router = useRouter();
  const [error, setError] = useState("");

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(event.currentTarget, event.nativeEvent.submitter));
    const response = await fetch(action, {
      method,
      headers: { "content-type": "application/json" },
      body: method === "POST" ? JSON.stringify(fields) : null,
    });
    if (response.ok) return router.push(next); // its getServerSideProps reads the session anew
    // What failed with 500 has been reported by the server, and has no JSON. Parsing it would report a second error.
    setError(response.status < 500 ? (await response.json()).error : "That one crashed. Try again.");
  }

  return (
    <form onSubmit={submit}>
      {children}
      {error && <p role="alert">{error}</p>}
    </form>
  );
}
