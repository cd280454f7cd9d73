"""The schemas of a quote in the API."""

from datetime import date

from pydantic import BaseModel, Field


class QuotedVoices(BaseModel):
    """Who speaks a language in an episode."""

    language: str
    first: str = Field(description="The name of the first host's voice.")
    second: str | None = Field(
        description="The name of the second host's voice; null in an episode with one host."
    )
    note: str = Field(
        description="Better voices that this service lacks, and how to get them. Empty if there are none."
    )


class BrewQuote(BaseModel):
    """The expected cost and length of an order."""

    newsletters: int
    characters: int = Field(description="The length of the text that may be told, in characters.")
    minutes: int = Field(description="How many of the ordered minutes these newsletters can fill.")
    calls: int = Field(description="The number of calls to models.")
    cost_usd: float | None = Field(description="Null if the price of a model is not known.")
    prices_as_of: date
    voices: list[QuotedVoices] = Field(
        description="Who speaks the languages of these newsletters, the most frequent one first."
        " Languages that no voice speaks are left out."
    )
