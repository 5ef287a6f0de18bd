from django.apps import AppConfig


class NodeConfig(AppConfig):
    name = "passport.node"
    label = "node"
