import posthog from 'posthog-js';
import type { Events } from './events.ts';

/** For the browser. A no-op where posthog-js was not initialised (hooks.client.ts). */
export function capture<E extends keyof Events>(event: E, properties: Events[E]): void {
  posthog.capture(event, properties);
}
