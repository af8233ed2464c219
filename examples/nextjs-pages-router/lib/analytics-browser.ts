import posthog from "posthog-js";
import type { Events } from "./events";

/** A no-op where posthog-js was not initialised (instrumentation-client.ts). */
export function capture<E extends keyof Events>(event: E, properties: Events[E]) {
  posthog.capture(event, properties);
}
