"""The API described: the OpenAPI document that the front end, the scripts and every other client rely on."""
