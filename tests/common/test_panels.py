"""Panels on a page of a lower subsystem."""

import pytest
from django.template import Context, Template

from kaysis.common import panels
from kaysis.common.panels import Panel

SLOT = "test.slot"


@pytest.fixture
def render(rf, settings):
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "django.template.loaders.locmem.Loader",
                        {"p.html": "[{{ panel.key }} {{ panel.title }} {{ object }} {{ n }}]"},
                    )
                ]
            },
        }
    ]

    def run(obj="o", path="/"):
        template = Template('{% load kaysis %}{% panels "test.slot" obj %}')
        return template.render(Context({"request": rf.get(path), "obj": obj}))

    return run


@pytest.fixture
def add():
    keys = []

    def register(key, **options):
        options = {"context": lambda request, obj: {"n": "<1>"}, **options}
        panels.register(SLOT, Panel(key=key, title=key.upper(), template="p.html", **options))
        keys.append(key)

    yield register
    for key in keys:
        panels.unregister(SLOT, key)


def test_panels_are_rendered_in_order_and_escaped(render, add):
    add("b", order=2)
    add("a", order=3)
    add("c", order=1)
    assert render("<o>") == "".join(f"[{k} {k.upper()} &lt;o&gt; &lt;1&gt;]" for k in "cba")


def test_none_hides_and_permission_comes_first(render, add):
    add("empty", context=lambda request, obj: None)
    asked = []
    add(
        "secret",
        permission=lambda request, obj: request.path == "/in/",
        context=lambda request, obj: asked.append(obj) or {},
    )
    assert render() == ""
    assert asked == []
    assert "secret" in render(path="/in/")


def test_an_empty_slot_renders_nothing_and_a_key_is_taken_once(render, add):
    assert render() == ""
    add("a")
    with pytest.raises(ValueError, match="already"):
        add("a")
