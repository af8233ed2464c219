"use client";

import { useActionState, type ReactNode } from "react";
import type { FormState } from "@/app/actions";

/** A form whose action answers with a message when it can't do what it should. */
export function StateForm({ action, children }: {
  action: (state: FormState, form: FormData) => Promise<FormState>;
  children: ReactNode;
}) {
  const [state, submit] = useActionState(action, {});
  return (
    <form action={submit}>
      {children}
      {state.error && <p role="alert">{state.error}</p>}
    </form>
  );
}
