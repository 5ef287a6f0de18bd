"""The wire's addresses."""

from django.urls import path

from passport.api.peers import views

app_name = "peers"
urlpatterns = [path("v1/parcels", views.parcels, name="parcels")]
