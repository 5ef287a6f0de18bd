from tests.world import World


def test_world(world: World) -> None:
    assert world.amina.actor.person == world.amina.person
    assert world.facilitator.actor.grants
