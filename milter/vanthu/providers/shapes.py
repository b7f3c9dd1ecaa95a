"""The shape of the YAML files in the folder of provider lists."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, field_validator, model_validator

from ..validation import Shape, did_you_mean
from .model import AddressClass


class Family(Shape):
    """One provider. ``memory`` and ``single_source`` say how well an entry is known; see ``families.yaml``."""

    class_: AddressClass = Field(alias="class")
    note: str | None = None
    domains: tuple[str, ...] = ()
    domain_suffixes: tuple[str, ...] = ()
    mx_suffixes: tuple[str, ...] = ()
    memory: tuple[str, ...] = ()
    single_source: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _known(self) -> Self:
        strange = sorted({*self.single_source} - {*self.domains, *self.domain_suffixes, *self.mx_suffixes})
        if strange:
            raise ValueError(f"single_source names what stands nowhere else: {', '.join(strange[:5])}")
        return self


class Override(Shape):
    """What the operator says of a domain and of everything below it."""

    class_: AddressClass = Field(alias="class")
    family: str | None = None
    reason: str | None = None


class ListFile(Shape):
    """One YAML file; it may hold any of these."""

    version: int = 1
    sources: dict[str, str] = Field(default_factory=dict)
    families: dict[str, Family] = Field(default_factory=dict)
    overrides: dict[str, Override] = Field(default_factory=dict)
    government: tuple[str, ...] = ()
    never_public: tuple[str, ...] = ()

    @field_validator("version")
    @classmethod
    def _version(cls, value: int) -> int:
        if value != 1:
            raise ValueError(f"only 1 is known{did_you_mean(str(value), ['1'])}")
        return value

    @field_validator("overrides", mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        """``overrides:`` with nothing but comments below it is an empty map."""
        return {} if value is None else value
