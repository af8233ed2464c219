// npm run smoke: walks through a running shop, to see its events arrive wherever POSTHOG_HOST points.
import { walk } from './walk.ts';

console.log(await walk(`http://localhost:${process.env.PORT ?? 4321}`));
