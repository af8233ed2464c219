import { defineMiddleware } from 'astro:middleware';
import { captureException } from './lib/analytics.ts';
import { currentUserId } from './lib/session.ts';

/**
 * Reports what pages and endpoints throw: Astro has no hook for errors. Redirects and 404s are answers, and nothing is thrown
 * for them. What actions throw does not come by here: see actions/index.ts.
 */
export const onRequest = defineMiddleware(async (context, next) => {
  context.locals.userId = currentUserId(context.cookies);
  try {
    const response = await next();
    if (!response.body || !response.headers.get('content-type')?.startsWith('text/html')) return response;

    // Pages are streamed: what a component throws breaks the stream, after next() has returned.
    const { readable, writable } = new TransformStream<Uint8Array>();
    response.body.pipeTo(writable).catch((error) => {
      if (error !== undefined) captureException(error, context); // undefined: the visitor has gone
    });
    return new Response(readable, response);
  } catch (error) {
    captureException(error, context);
    throw error; // Astro logs it and answers with 500.astro
  }
});
