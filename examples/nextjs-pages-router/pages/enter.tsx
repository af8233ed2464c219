import type { GetServerSideProps } from "next";
import { ApiForm } from "@/components/api-form";
import { currentUserId } from "@/lib/session";

export const getServerSideProps = (async ({ req }) => {
  return { props: { userId: currentUserId(req) } };
}) satisfies GetServerSideProps;

export default function Page() {
  return (
    <main>
      <h1>Come in</h1>
      <ApiForm action="/api/session" next="/">
        <input name="email" type="email" aria-label="E-mail" required />
        <input name="password" type="password" aria-label="Password" required />
        <button name="intent" value="login">Log in</button>
        <button name="intent" value="signup">Sign up</button>
      </ApiForm>
    </main>
  );
}
