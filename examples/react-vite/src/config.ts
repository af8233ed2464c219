export interface PostHogConfig {
  token: string;
  host: string;
}

/** Checked by the build (vite.config.ts), and read when the page starts (main.tsx). null: analytics is off. */
export function readPostHogConfig(token = "", host = ""): PostHogConfig | null {
  if (!token.trim()) return null;
  // No default: a token belongs to one region, and the SDK would send everything to the US.
  if (!/^https?:\/\//.test(host.trim()) || !URL.canParse(host.trim())) {
    throw new Error("VITE_POSTHOG_HOST must be a URL, such as https://eu.i.posthog.com");
  }
  return { token: token.trim(), host: host.trim() };
}
