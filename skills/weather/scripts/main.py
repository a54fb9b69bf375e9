"""Weather now and in the coming days: a JSON object on stdin, a JSON object on stdout."""

import errno
import http.client
import json
import pathlib
import socket
import sys
import urllib.error
import urllib.parse
import urllib.request

FORECAST = "https://api.open-meteo.com/v1/forecast"
GEOCODING = "https://geocoding-api.open-meteo.com/v1/search"
TIMEOUT_SECONDS = 10
IMPERIAL = {"temperature_unit": "fahrenheit", "wind_speed_unit": "mph", "precipitation_unit": "inch"}

# our name: Open-Meteo's name
CURRENT = {
    "temperature": "temperature_2m",
    "feels_like": "apparent_temperature",
    "humidity": "relative_humidity_2m",
    "precipitation": "precipitation",
    "wind_speed": "wind_speed_10m",
    "wind_direction": "wind_direction_10m",
}
DAILY = {
    "high": "temperature_2m_max",
    "low": "temperature_2m_min",
    "precipitation": "precipitation_sum",
    "precipitation_chance": "precipitation_probability_max",
    "wind_speed": "wind_speed_10m_max",
    "sunrise": "sunrise",
    "sunset": "sunset",
}
CODES_FILE = pathlib.Path(__file__).parent.parent / "assets" / "weather-codes.json"


def fetch(address, parameters):
    url = f"{address}?{urllib.parse.urlencode(parameters)}"
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as response:
            return json.load(response)
    except urllib.error.HTTPError as answer:
        raise ValueError(f"the weather service refused the question: {refusal(answer)}") from None


def refusal(answer):
    try:
        return json.load(answer)["reason"]
    except (ValueError, KeyError, TypeError):
        return f"HTTP status {answer.code}"


def find_place(location):
    name, _, country = (part.strip() for part in location.partition(","))
    # several, so that a country can pick among them; the service sorts by inhabitants
    found = fetch(GEOCODING, {"name": name, "count": 10, "language": "en", "format": "json"}).get("results", [])
    wanted = country.casefold()
    fits = [
        place
        for place in found
        if wanted in ("", *(str(place.get(key, "")).casefold() for key in ("country", "country_code", "admin1")))
    ]
    if not fits:
        others = ", ".join(sorted({str(place.get("country")) for place in found}))
        near = f"; the name exists in {others}" if others else "; check the spelling or give latitude and longitude"
        raise ValueError(f"no place called {location} was found{near}")
    place = fits[0]
    return {key: place.get(key) for key in ("name", "admin1", "country", "latitude", "longitude")}


def where(request):
    position = {key: request.get(key) for key in ("latitude", "longitude")}
    if request.get("location"):
        return find_place(request["location"])
    if None in position.values():
        raise ValueError("give either location, or both latitude and longitude")
    return position


def weather(request):
    if not isinstance(request, dict):
        raise ValueError("the input must be a JSON object")
    days = request.get("days", 3)
    if not isinstance(days, int) or not 1 <= days <= 16:
        raise ValueError(f"days must be a whole number from 1 to 16, got {json.dumps(days)}")
    place = where(request)
    reply = fetch(
        FORECAST,
        {
            "latitude": place["latitude"],
            "longitude": place["longitude"],
            "current": ",".join([*CURRENT.values(), "weather_code"]),
            "daily": ",".join([*DAILY.values(), "weather_code"]),
            "forecast_days": days,
            "timezone": "auto",
            **(IMPERIAL if request.get("units") == "imperial" else {}),
        },
    )
    return summary(place, reply)


def summary(place, reply):
    codes = json.loads(CODES_FILE.read_text(encoding="utf-8"))

    def conditions(code):
        return codes.get(str(code), f"weather code {code}")

    now, daily = reply["current"], reply["daily"]
    return {
        "place": {**place, "timezone": reply.get("timezone")},
        "current": {
            "time": now["time"],
            "conditions": conditions(now["weather_code"]),
            **{ours: now.get(theirs) for ours, theirs in CURRENT.items()},
        },
        "days": [
            {
                "date": date,
                "conditions": conditions(daily["weather_code"][index]),
                **{ours: daily[theirs][index] for ours, theirs in DAILY.items() if theirs in daily},
            }
            for index, date in enumerate(daily["time"])
        ],
        "units": {
            "temperature": reply["current_units"]["temperature_2m"],
            "precipitation": reply["current_units"]["precipitation"],
            "wind_speed": reply["current_units"]["wind_speed_10m"],
            "wind_direction": "°",
            "humidity": "%",
            "precipitation_chance": "%",
        },
        "source": "Open-Meteo.com (CC BY 4.0)",
    }


def explain(error):
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    hosts = "api.open-meteo.com and geocoding-api.open-meteo.com"
    # a sandbox refuses the socket itself, or leaves no way to look a name up
    if isinstance(cause, (PermissionError, socket.gaierror)) or getattr(cause, "errno", None) == errno.EAFNOSUPPORT:
        return f"no network in this sandbox; the hosts {hosts} must be granted by the user"
    if isinstance(cause, (TimeoutError, socket.timeout)):
        return f"the weather service did not answer within {TIMEOUT_SECONDS} seconds"
    return f"the weather service cannot be reached: {cause}"


def main():
    try:
        print(json.dumps(weather(json.load(sys.stdin)), ensure_ascii=False))
    except json.JSONDecodeError as error:
        sys.exit(f"error: this is not JSON: {error}")
    except ValueError as error:
        sys.exit(f"error: {error}")
    except KeyError as error:
        sys.exit(f"error: the weather service's answer has no {error}")
    except (OSError, http.client.HTTPException) as error:
        sys.exit(f"error: {explain(error)}")


if __name__ == "__main__":
    main()
