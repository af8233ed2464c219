import type { LayoutServerLoad } from './$types';

// Runs again after every form action, and so Identity learns of log-in and log-out. Not on every navigation: where a
// session can expire between two, whatever notices it calls refreshAll().
export const load: LayoutServerLoad = ({ locals }) => ({ userId: locals.userId });
