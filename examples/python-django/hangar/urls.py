from django.urls import path

from shop import views, webhooks

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz),
    path("enter", views.enter, name="enter"),
    path("leave", views.leave, name="leave"),
    path("kits/<slug:slug>", views.kit, name="kit"),
    path("kits/<slug:slug>/order", views.order, name="order"),
    path("orders/<uuid:order_id>", views.receipt, name="receipt"),
    path("webhooks/payments", webhooks.payments),
]
