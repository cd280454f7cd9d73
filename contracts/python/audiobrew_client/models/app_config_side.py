from typing import Literal

AppConfigSide = Literal["railway", "vercel"]

APP_CONFIG_SIDE_VALUES: set[AppConfigSide] = {
    "railway",
    "vercel",
}


def check_app_config_side(value: str) -> AppConfigSide:
    if value in APP_CONFIG_SIDE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {APP_CONFIG_SIDE_VALUES!r}")
