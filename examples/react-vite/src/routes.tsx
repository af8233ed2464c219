import { redirect, type RouteObject } from "react-router";
import { leave } from "./api.ts";
import { Crashed } from "./pages/crashed.tsx";
import * as enter from "./pages/enter.tsx";
import * as kit from "./pages/kit.tsx";
import * as kits from "./pages/kits.tsx";
import * as layout from "./pages/layout.tsx";
import * as orders from "./pages/orders.tsx";

export const routes: RouteObject[] = [
  {
    ...layout,
    ErrorBoundary: Crashed,
    HydrateFallback: () => <p>Loading</p>,
    children: [
      { index: true, ...kits },
      { path: "kits/:slug", ...kit },
      { path: "enter", ...enter },
      { path: "orders", ...orders },
      {
        path: "leave",
        action: async () => {
          await leave();
          return redirect("/");
        },
      },
    ],
  },
];
