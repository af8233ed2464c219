declare namespace App {
  interface Locals {
    /** From the session; set in middleware.ts. */
    userId?: string;
  }
}
