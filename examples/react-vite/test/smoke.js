// npm run smoke: walks through a running shop, to see its events arrive wherever VITE_POSTHOG_HOST pointed when it was built.
import { drive } from "./drive.mjs";
import { walk } from "./walk.js";

console.log(await drive(`http://127.0.0.1:${process.env.PORT ?? 4173}`, walk));
