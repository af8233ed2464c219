import adapter from '@sveltejs/adapter-node';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [
    sveltekit({
      adapter: adapter(),
      // adapter-node takes every request for https. Where people reach the app by plain http, as on your own machine,
      // build it with ORIGIN: else the check against forged forms answers 403, to the relay's events, too.
      paths: { origin: process.env.ORIGIN },
      csp: {
        // SvelteKit adds a nonce for its own inline script; prerendered pages get its hash.
        directives: {
          'default-src': ['self'],
          'script-src': ['self'], // with the relay, what posthog-js loads comes from here, too
          'style-src': ['self'],
          // The hidden element in which SvelteKit announces a new page to screen readers has a style attribute.
          'style-src-attr': ['unsafe-hashes', 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='],
          'connect-src': ['self'],
          'worker-src': ['self', 'blob:'], // session replay compresses in a worker made from a blob
          'img-src': ['self', 'data:'],
          'object-src': ['none'],
          'base-uri': ['self'],
          'form-action': ['self'],
          'frame-ancestors': ['none'],
        },
      },
    }),
  ],
});
