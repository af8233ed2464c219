import { defineEnvVars } from '@sveltejs/kit/env';

/** No default: a token belongs to one region, and the SDK would send everything to the US. */
function host(value = '') {
  const url = value.trim();
  if (url && !(/^https?:\/\//.test(url) && URL.canParse(url))) throw new Error('must be a URL, such as https://eu.i.posthog.com');
  return url;
}

// Read when the server starts, not when the app is built. Public: the server passes the values on to the browser, so
// that one pair of names serves both.
export const variables = defineEnvVars({
  POSTHOG_PROJECT_TOKEN: { public: true, schema: (value = '') => value.trim() },
  POSTHOG_HOST: { public: true, schema: host },
});
