import { useEffect } from "react";
import { capture } from "@/lib/analytics-browser";

/** In development React runs effects twice (Strict Mode), so the event shows up twice there; not in production. */
export function KitViewed({ kit, priceCents }: { kit: string; priceCents: number }) {
  useEffect(() => capture("kit_viewed", { kit, price_cents: priceCents }), [kit, priceCents]);
  return null;
}
