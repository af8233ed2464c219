import type { LayoutServerLoad } from './$types';

// Runs again after every form action, and so Identity learns of log-in and log-out. Not on every navigation: where a
// session can expire between two, read url.pathname here, or let whatever notices it call refreshAll().
export const load: LayoutServerLoad = ({ locals }) => ({ userId: locals.userId });
