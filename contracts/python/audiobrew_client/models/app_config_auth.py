from typing import Literal

AppConfigAuth = Literal["local", "supabase"]

APP_CONFIG_AUTH_VALUES: set[AppConfigAuth] = {
    "local",
    "supabase",
}


def check_app_config_auth(value: str) -> AppConfigAuth:
    if value in APP_CONFIG_AUTH_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {APP_CONFIG_AUTH_VALUES!r}")
