import vue from "@vitejs/plugin-vue";
import { defineConfig, loadEnv } from "vite";
import { readPostHogConfig } from "./src/config.ts";

export default defineConfig(({ mode }) => {
  // The values are fixed by the build, so a wrong environment stops the build, and the dev server.
  const env = loadEnv(mode, ".");
  const posthog = readPostHogConfig(env.VITE_POSTHOG_PROJECT_TOKEN, env.VITE_POSTHOG_HOST);
  console.log(`hangar: analytics ${posthog ? "on" : "off"}`);

  // posthog-js loads its settings, and what these switch on, from the assets host of the region.
  const hosts = posthog ? [posthog.host, posthog.host.replace(".i.posthog.com", "-assets.i.posthog.com")].join(" ") : "";
  const csp = [
    "default-src 'self'",
    `script-src 'self' ${hosts}`,
    `connect-src 'self' ${hosts}`,
    "worker-src 'self' blob:", // session replay compresses in a worker made from a blob
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");

  return {
    plugins: [vue()],
    // For `vite preview` only. Whatever serves dist/ in production has to send the same.
    preview: { headers: { "content-security-policy": csp } },
  };
});
