import { enter } from "@/app/actions";
import { StateForm } from "@/components/state-form";

export default function Page() {
  return (
    <main>
      <h1>Come in</h1>
      <StateForm action={enter}>
        <input name="email" type="email" aria-label="E-mail" required />
        <input name="password" type="password" aria-label="Password" required />
        <button name="intent" value="login">Log in</button>
        <button name="intent" value="signup">Sign up</button>
      </StateForm>
    </main>
  );
}
