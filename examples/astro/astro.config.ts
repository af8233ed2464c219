import node from '@astrojs/node';
import { defineConfig, envField } from 'astro/config';

export default defineConfig({
  output: 'server',
  adapter: node({ mode: 'standalone' }),
  session: false, // Astro's sessions are a good place for a real one; src/lib/session.ts is a fake
  env: {
    schema: {
      // "secret" is Astro's word for: read when the server starts, never written into a bundle.
      POSTHOG_PROJECT_TOKEN: envField.string({ context: 'server', access: 'secret', optional: true }),
      POSTHOG_HOST: envField.string({ context: 'server', access: 'secret', optional: true, url: true }),
      // Written into the browser's bundle at build time.
      PUBLIC_POSTHOG_PROJECT_TOKEN: envField.string({ context: 'client', access: 'public', optional: true }),
      PUBLIC_POSTHOG_HOST: envField.string({ context: 'client', access: 'public', optional: true, url: true }),
    },
  },
  security: {
    // Behind a proxy that ends TLS, name your domain in allowedDomains: else Astro takes requests for plain http, and the
    // check against forged forms answers 403, to the relay's events, too.
    csp: {
      // Astro adds script-src and style-src, 'self' and the hashes of what it puts into the page. With the relay, what
      // posthog-js loads comes from 'self', too. Not in astro dev.
      directives: [
        "default-src 'self'",
        "connect-src 'self'",
        "worker-src 'self' blob:", // session replay compresses in a worker made from a blob
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
      ],
    },
  },
});
