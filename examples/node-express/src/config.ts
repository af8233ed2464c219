export interface Config {
  port: number;
  /** null: analytics is off. */
  posthog: { token: string; host: string } | null;
}

/** Reads and checks the whole environment, once. A wrong value stops the start; a missing token does not. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const port = Number(env.PORT ?? 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error("PORT must be a port number");

  const token = env.POSTHOG_PROJECT_TOKEN?.trim();
  if (!token) return { port, posthog: null };

  // No default: a token belongs to one region, and the SDK would send everything to the US.
  const host = env.POSTHOG_HOST?.trim() ?? "";
  if (!/^https?:\/\//.test(host) || !URL.canParse(host)) {
    throw new Error("POSTHOG_HOST must be a URL, such as https://eu.i.posthog.com");
  }
  return { port, posthog: { token, host } };
}
