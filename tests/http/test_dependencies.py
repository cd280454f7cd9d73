"""Each FastAPI dependency returns the port that its annotation says, which mypy cannot check."""

import inspect
from collections.abc import Callable, Coroutine
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace, UnionType
from typing import Any, get_args

import audiobrew
import pytest
from audiobrew.wiring import open_ports

from tests.settings_factory import make_migrated_settings

PACKAGE = Path(audiobrew.__file__).parent
Getter = Callable[[Any], Coroutine[Any, Any, object]]


def find_getters() -> list[Getter]:
    """The functions in every `dependencies.py` that take nothing but the request."""
    modules = [
        import_module(".".join(("audiobrew", *file.relative_to(PACKAGE).with_suffix("").parts)))
        for file in sorted(PACKAGE.rglob("dependencies.py"))
    ]
    return [
        function
        for module in modules
        for name, function in inspect.getmembers(module, inspect.iscoroutinefunction)
        if function.__module__ == module.__name__
        and name.startswith("get_")
        and list(inspect.signature(function).parameters) == ["request"]
    ]


GETTERS = find_getters()


def fits(value: object, annotation: Any) -> bool:
    if isinstance(annotation, UnionType):
        return any(fits(value, choice) for choice in get_args(annotation))
    if getattr(annotation, "_is_protocol", False):
        members = [name for name in vars(annotation) if not name.startswith("_")]
        return all(hasattr(value, name) for name in members)
    return isinstance(value, annotation)


def test_every_room_has_its_dependencies() -> None:
    assert len(GETTERS) > 15


@pytest.mark.parametrize("getter", GETTERS, ids=lambda getter: getter.__name__)
async def test_a_dependency_has_the_type_of_its_annotation(getter: Getter, tmp_path: Path) -> None:
    settings = make_migrated_settings(data=tmp_path)
    async with open_ports(settings) as ports:
        state = SimpleNamespace(ports=ports)
        request = SimpleNamespace(app=SimpleNamespace(state=state))
        value = await getter(request)

    assert fits(value, inspect.signature(getter).return_annotation)
