declare global {
  namespace App {
    interface Locals {
      /** From the session; set in hooks.server.ts. */
      userId?: string;
    }
  }
}

export {};
