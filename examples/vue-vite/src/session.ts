import { ref } from "vue";
import { followSession } from "./analytics.ts";

/** undefined until the API has been asked, null for a visitor. */
export const userId = ref<string | null>();

/** Called with every answer of the API that says who is logged in. */
export function setSession(id: string | null): void {
  userId.value = id;
  followSession(id);
}
