import { createAnalytics } from "./analytics.ts";
import { createApp } from "./app.ts";
import { readConfig } from "./config.ts";

const config = readConfig(process.env);
const analytics = createAnalytics(config.posthog);

const server = createApp(analytics).listen(config.port, (error) => {
  if (error) throw error;
  console.log(`hangar: port ${config.port}, analytics ${config.posthog ? "on" : "off"}`);
});

// Ten seconds until the platform kills the process: six for open requests, three for the events that they left behind.
async function stop(): Promise<void> {
  const impatient = setTimeout(() => server.closeAllConnections(), 6_000);
  await new Promise((resolve) => server.close(resolve));
  clearTimeout(impatient);
  await analytics.posthog.shutdown(3_000); // its default is 30 seconds
  process.exit(0); // a send that ran into the limit would keep the process alive
}

process.once("SIGTERM", stop);
process.once("SIGINT", stop);
