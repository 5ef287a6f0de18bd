from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "passport.records"
    label = "records"
