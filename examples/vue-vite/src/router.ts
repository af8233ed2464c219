import { createRouter, createWebHistory } from "vue-router";
import { askSession } from "./api.ts";
import EnterPage from "./pages/EnterPage.vue";
import KitPage from "./pages/KitPage.vue";
import KitsPage from "./pages/KitsPage.vue";
import OrdersPage from "./pages/OrdersPage.vue";
import { userId } from "./session.ts";

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: "/", component: KitsPage },
    { path: "/kits/:slug", component: KitPage, props: true },
    { path: "/enter", component: EnterPage },
    { path: "/orders", component: OrdersPage, meta: { needsUser: true } },
  ],
});

/** Saves a detour, no more: it is the API that guards. Captures nothing: navigations can still be cancelled or redirected here. */
router.beforeEach(async (to) => {
  if (userId.value === undefined) await askSession();
  if (to.meta.needsUser && !userId.value) return "/enter";
});
