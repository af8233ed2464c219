// npm run smoke: walks through a running shop, to see its events arrive wherever POSTHOG_HOST points.
import { walk } from './walk.ts';

console.log(await walk(`http://127.0.0.1:${process.env.PORT ?? 3000}`));
