from django.apps import AppConfig


class FleetConfig(AppConfig):
    name = "passport.fleet"
    label = "fleet"
