// Runs once, when the server starts (instrumentation.ts). A wrong environment ends it here: an error that register let out
// would leave a server that answers every request with 500.
try {
  const { posthogConfig } = await import("./config");
  console.log(`hangar: analytics ${posthogConfig ? "on" : "off"}`);
} catch (error) {
  console.error(error);
  process.exit(1);
}

export {};
