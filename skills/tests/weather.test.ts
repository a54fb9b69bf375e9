import { expect, test } from 'vitest'
import { failure, python, run } from './run-script.js'

const places = [
  {
    name: 'Springfield',
    country: 'United States',
    country_code: 'US',
    admin1: 'Missouri',
    latitude: 37.2,
    longitude: -93.3,
  },
  {
    name: 'Springfield',
    country: 'Canada',
    country_code: 'CA',
    admin1: 'Manitoba',
    latitude: 49.9,
    longitude: -96.7,
  },
]
const forecast = {
  timezone: 'America/Winnipeg',
  current_units: { temperature_2m: '°C', precipitation: 'mm', wind_speed_10m: 'km/h' },
  current: { time: '2025-01-02T10:00', temperature_2m: -12.5, wind_speed_10m: 20, weather_code: 73 },
  daily: { time: ['2025-01-02'], temperature_2m_max: [-9], temperature_2m_min: [-18], weather_code: [3] },
}

/** Runs the script with the two services answered from here, in the shape that they document. */
function weather(input: object, answers: { places: object[] } = { places }) {
  const program = `
import json, sys
sys.path.insert(0, "scripts")
import main
answers = {main.GEOCODING: {"results": json.loads(sys.argv[1])}, main.FORECAST: json.loads(sys.argv[2])}
main.fetch = lambda address, parameters: answers[address]
main.main()`
  return run(
    [python, '-c', program, JSON.stringify(answers.places), JSON.stringify(forecast)],
    'weather',
    input,
  )
}

test('weather puts the two services together, with units and words', async () => {
  expect(await weather({ location: 'Springfield, CA', days: 1 })).toMatchObject({
    code: 0,
    output: {
      place: { name: 'Springfield', country: 'Canada', latitude: 49.9, timezone: 'America/Winnipeg' },
      current: { temperature: -12.5, wind_speed: 20, conditions: 'snow' },
      days: [{ date: '2025-01-02', high: -9, low: -18, conditions: 'overcast' }],
      units: { temperature: '°C' },
    },
  })
})

test('weather takes the first place, the one with the most inhabitants, where no country is given', async () => {
  expect(await weather({ location: 'Springfield' })).toMatchObject({
    output: { place: { admin1: 'Missouri' } },
  })
})

test('weather names the countries that do have the place', async () => {
  expect(await weather({ location: 'Springfield, France' })).toEqual(
    failure('no place called Springfield, France was found; the name exists in Canada, United States'),
  )
})

test('weather asks for a place when none is given', async () => {
  expect(await weather({ latitude: 3 })).toEqual(
    failure('give either location, or both latitude and longitude'),
  )
})

test('weather says which hosts must be granted where it has no network', async () => {
  const program = `
import socket, sys, urllib.request
sys.path.insert(0, "scripts")
import main
def refused(*arguments, **options):
    raise PermissionError(1, "Operation not permitted")
socket.socket = refused
socket.getaddrinfo = lambda *a, **k: (_ for _ in ()).throw(socket.gaierror(-3, "Temporary failure in name resolution"))
main.main()`
  expect(await run([python, '-c', program], 'weather', { location: 'Berlin' })).toEqual(
    failure(
      'no network in this sandbox; the hosts api.open-meteo.com and geocoding-api.open-meteo.com ' +
        'must be granted by the user',
    ),
  )
})
