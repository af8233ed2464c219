import "server-only";

export interface PostHogConfig {
  token: string;
  host: string;
}

/** Read and checked once, when the server starts (instrumentation.ts). null: analytics is off. */
export const posthogConfig: PostHogConfig | null = read(process.env.POSTHOG_PROJECT_TOKEN, process.env.POSTHOG_HOST);

function read(token = "", host = ""): PostHogConfig | null {
  if (!token.trim()) return null;
  // No default: a token belongs to one region, and the SDK would send everything to the US.
  if (!/^https?:\/\//.test(host.trim()) || !URL.canParse(host.trim())) {
    throw new Error("POSTHOG_HOST must be a URL, such as https://eu.i.posthog.com");
  }
  return { token: token.trim(), host: host.trim() };
}
