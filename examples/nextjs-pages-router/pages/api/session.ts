import type { NextApiRequest, NextApiResponse } from "next";
import { capture } from "@/lib/analytics";
import { closeSession, openSession } from "@/lib/session";

export default async function handler(req: NextApiRequest, res: NextApiResponse) {
  if (req.method === "DELETE") {
    closeSession(res);
    res.status(204).end();
  } else if (req.method === "POST") {
    await enter(req, res);
  } else {
    res.status(405).end();
  }
}

async function enter(req: NextApiRequest, res: NextApiResponse) {
  const { email, password, intent } = req.body;
  const userId = openSession(res, email, password);
  if (!userId) return res.status(401).json({ error: "Wrong e-mail or password." });

  // After success only, and with the stable id: the request itself came from a visitor. The browser learns the id from the
  // props of the next page (components/identity.tsx).
  const event = intent === "signup" ? "user_signed_up" : "user_logged_in";
  await capture(req, event, { method: "password" }, { userId });
  res.status(200).json({ user: { id: userId } });
}
