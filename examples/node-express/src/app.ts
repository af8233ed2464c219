import express, { type ErrorRequestHandler, type RequestHandler } from "express";
import type { Analytics } from "./analytics.ts";
import { closeSession, openSession, session } from "./session.ts";
import { findKit, HttpError, kits, orders, placeOrder } from "./shop.ts";

export function createApp({ posthog, capture, captureException }: Analytics) {
  const app = express();
  app.disable("x-powered-by");

  app.get("/healthz", (_req, res) => void res.send("ok"));

  // Stands before the request context: the caller is the payment provider, not the buyer.
  // A real provider signs its calls; verify the signature here before believing the body.
  app.post("/webhooks/payments", express.json(), (req, res) => {
    const order = orders.get(req.body?.order_id);
    if (!order) throw new HttpError(404, "no such order");
    const paidAt = new Date(req.body.paid_at);
    if (Number.isNaN(paidAt.getTime())) throw new HttpError(400, "paid_at is no time");
    // Providers deliver more than once. The first line of defence is the order, the second the event's uuid and time.
    if (!order.paidAt) {
      order.paidAt = paidAt;
      capture(
        "order_placed",
        { order_id: order.id, kit: order.kit.slug, amount_cents: order.kit.priceCents },
        { userId: order.userId, uuid: order.id, timestamp: paidAt },
      );
    }
    res.sendStatus(204);
  });

  // From here on, events and exceptions carry the visitor's id and session, from the headers that posthog-js adds to its
  // requests (its option tracing_headers). Good for analytics only: anyone can send any. The SDK's own
  // setupExpressRequestContext does this too, and sends the caller's IP address and each URL with its query along.
  app.use((req, _res, next) => {
    const visitor = { distinctId: req.get("x-posthog-distinct-id"), sessionId: req.get("x-posthog-session-id") };
    posthog.withContext(visitor, next);
  });
  app.use(express.json(), session);

  app.get("/kits", (_req, res) => void res.json({ kits }));

  app.get("/kits/:slug", (req, res) => {
    const kit = findKit(req.params.slug);
    capture("kit_viewed", { kit: kit.slug, price_cents: kit.priceCents }, { userId: res.locals.userId });
    res.json({ kit });
  });

  // Identity: the answer tells the browser the user's id, and it calls posthog.identify(user.id), which also joins the
  // anonymous visit to the user. Captured after success only.
  app.post("/signup", (req, res) => {
    const userId = openSession(res, req.body);
    capture("user_signed_up", { method: "password" }, { userId });
    res.status(201).json({ user: { id: userId } });
  });

  app.post("/login", (req, res) => {
    const userId = openSession(res, req.body);
    capture("user_logged_in", { method: "password" }, { userId });
    res.json({ user: { id: userId } });
  });

  // The browser calls posthog.reset() when this succeeds, so that the next visitor of the machine is a new one.
  app.post("/logout", (_req, res) => {
    closeSession(res);
    res.sendStatus(204);
  });

  app.post("/orders", requireUser, async (req, res) => {
    const order = await placeOrder(res.locals.userId, findKit(req.body?.kit), req.body?.card);
    res.status(201).json({ order: { id: order.id, status: "pending" } });
  });

  app.use(() => {
    throw new HttpError(404, "not found");
  });
  app.use(errorHandler(captureException));
  return app;
}

const requireUser: RequestHandler = (_req, res, next) => {
  if (!res.locals.userId) throw new HttpError(401, "log in first");
  next();
};

/** Last in line. Express 5 brings rejected promises here too. Expected answers (401, 404, a bad body) are not exceptions. */
function errorHandler(captureException: Analytics["captureException"]): ErrorRequestHandler {
  return (error, req, res, next) => {
    const status: number = error?.status ?? 500;
    if (status >= 500) {
      console.error(error);
      captureException(error, { method: req.method, route: req.route?.path }, res.locals.userId);
    }
    if (res.headersSent) return next(error);
    res.status(status).json({ error: status >= 500 ? "something went wrong" : error.message });
  };
}
