// Fake: any e-mail with any password of eight characters gets in, and sessions die with the process.
import { createHash, randomUUID } from "node:crypto";
import type { RequestHandler, Response } from "express";
import { HttpError } from "./shop.ts";

const sessions = new Map<string, string>();
const cookie = { httpOnly: true, sameSite: "lax", secure: process.env.NODE_ENV === "production" } as const;

/** Puts the user's id into res.locals.userId, if there is a session. */
export const session: RequestHandler = (req, res, next) => {
  res.locals.token = /(?:^|; )hangar_session=([^;]+)/.exec(req.headers.cookie ?? "")?.[1];
  res.locals.userId = sessions.get(res.locals.token);
  next();
};

/** Returns the user's stable id: here derived from the address, in a real app the primary key. */
export function openSession(res: Response, body: unknown): string {
  const { email, password } = (body ?? {}) as Record<string, unknown>;
  if (typeof email !== "string" || !email.includes("@")) throw new HttpError(400, "email is missing");
  if (typeof password !== "string" || password.length < 8) throw new HttpError(401, "wrong e-mail or password");

  const userId = "usr_" + createHash("sha256").update(email.trim().toLowerCase()).digest("hex").slice(0, 12);
  const token = randomUUID();
  sessions.set(token, userId);
  res.cookie("hangar_session", token, cookie);
  return userId;
}

export function closeSession(res: Response): void {
  sessions.delete(res.locals.token);
  res.clearCookie("hangar_session", cookie);
}
