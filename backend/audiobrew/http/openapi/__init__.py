"""The OpenAPI document of the API, from which all clients are generated."""
