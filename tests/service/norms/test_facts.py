from evaluation.conformance.checks.platform import Feature
from evaluation.conformance.profile_file import open_profile, shipped
from service.app import create_app
from service.norms.facts import facts
from service.web.wording import offered


def test_every_fact_that_a_shipped_profile_asks_for_is_told(settings):
    told = facts(settings, create_app(settings).routes, offered())
    asked = {
        rule.check.fact
        for name in shipped()
        for rule in open_profile(name).rules
        if isinstance(rule.check, Feature)
    }
    assert asked <= set(told)


def test_settings_and_routes_show_what_holds(settings):
    app = create_app(settings)
    told = facts(settings, app.routes, offered())
    lacking = {name for name, fact in told.items() if not fact.holds}
    assert lacking == {"keys needed", "learner ids hashed"}
    safe = settings.model_copy(update={"api_key": "k", "learner_key": "a-long-secret-key"})
    assert all(fact.holds for fact in facts(safe, app.routes, offered()).values())


def test_what_no_route_serves_does_not_hold(settings):
    fact = facts(settings, (), ())["learner erasure"]
    assert (fact.holds, fact.evidence) == (False, "no route for DELETE /v1/learners/ID")
