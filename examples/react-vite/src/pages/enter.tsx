import { Form, redirect, useActionData, useNavigation, type ActionFunctionArgs } from "react-router";
import { capture } from "../analytics.ts";
import { enter } from "../api.ts";

export async function action({ request }: ActionFunctionArgs) {
  const form = await request.formData();
  const intent = form.get("intent") === "signup" ? "signup" : "login";
  if (!(await enter(intent, form.get("email"), form.get("password")))) return { error: "Wrong e-mail or password." };

  // After success only; api.ts has identified the user by then.
  capture(intent === "signup" ? "user_signed_up" : "user_logged_in", { method: "password" });
  return redirect("/");
}

export function Component() {
  const failed = useActionData<typeof action>();
  const busy = useNavigation().state !== "idle";
  return (
    <>
      <h1>Who goes there?</h1>
      <Form method="post">
        <input name="email" type="email" aria-label="E-mail" required />
        <input name="password" type="password" aria-label="Password" required />
        <button disabled={busy} name="intent" value="login">Log in</button>
        <button disabled={busy} name="intent" value="signup">Sign up</button>
        {failed && <p role="alert">{failed.error}</p>}
      </Form>
    </>
  );
}
