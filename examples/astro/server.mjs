// Starts the built server, and stops it as platforms ask for it: dist/server/entry.mjs on its own ends at once on SIGTERM,
// with whatever is open or queued.
import process from 'node:process';

// Astro loads most of the app with the first request, which is too late to stop for a wrong environment.
const token = process.env.POSTHOG_PROJECT_TOKEN?.trim();
if (token && !URL.canParse(process.env.POSTHOG_HOST ?? '')) {
  throw new Error('POSTHOG_HOST must be a URL, such as https://eu.i.posthog.com');
}
console.log(`hangar: analytics ${token ? 'on' : 'off'}`);

process.env.ASTRO_NODE_AUTOSTART = 'disabled'; // read when entry.mjs is loaded, so before the import
const { startServer } = await import('./dist/server/entry.mjs');
const { server } = startServer().server;

// Ten seconds until the platform kills the process: six for open requests, three for the events (src/lib/analytics.ts).
function stop() {
  const impatient = setTimeout(() => server.closeAllConnections(), 6_000);
  server.close(() => {
    clearTimeout(impatient);
    process.emit('hangar:closed');
  });
}

process.once('SIGTERM', stop);
process.once('SIGINT', stop);
